/** One set-up at a time in a checkout, however many commands start at once. Plain Node 20, no dependencies. */
import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { root } from "./checkout.mjs";

/**
 * Runs `work` while holding this checkout's lock of that name, and waits up to `limitS` seconds for another process to release it; throws a
 * sentence when the wait is over. The lock is an abstract unix socket: the kernel releases it with the process, so none is ever stale.
 */
export async function withLock(name, limitS, work) {
  const address = `\0ipvs-console-${name}-${createHash("sha256").update(root).digest("hex").slice(0, 32)}`;
  const end = Date.now() + limitS * 1_000;
  let held = await take(address);
  if (held === null) process.stderr.write("Waiting for another process that is setting this checkout up…\n");
  while (held === null) {
    if (Date.now() > end) throw new Error(`Another process has been setting this checkout up for ${limitS} s.`);
    await sleep(250);
    held = await take(address);
  }
  try {
    return await work();
  } finally {
    held.close();
  }
}

function take(address) {
  return new Promise((resolve, reject) => {
    const server = createServer((connection) => connection.destroy());
    server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(null) : reject(error)));
    server.listen(address, () => resolve(server));
  });
}
