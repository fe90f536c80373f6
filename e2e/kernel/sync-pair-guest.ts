/**
 * A pair of directors in the lab's guest, each of a network namespace of its own, with a veth between the two. Their webs are in the guest's
 * first namespace, each on a port of its own. Usage: sync-pair-guest.ts ADDRESS, the guest's on the lab's network, where these ports are
 * relayed. Writes the links of their first runs when both listen; ends on SIGTERM, and takes all of it away.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type StartedProduct, startProduct } from "../started-product.ts";

/** Where the pair's processes keep what they have, and what they say to the host. */
export const pairFolder = "/run/sync-pair";
export const linksFile = join(pairFolder, "links");
export const pidFile = join(pairFolder, "pid");

export const halves = [
  { name: "master", address: "10.88.0.1", port: 3001 },
  { name: "backup", address: "10.88.0.2", port: 3002 },
] as const;
export type HalfName = (typeof halves)[number]["name"];

/** Addresses that the master's namespace has, for a service and its real server. */
export const virtualAddress = "10.88.1.1";
export const serverAddress = "10.88.1.2";

/** Two webs at once take the guest's one processor their time. */
const longestStartMs = 90_000;

const ip = (...words: string[]) => execFileSync("ip", words, { encoding: "utf8", timeout: 20_000 });

function makeNamespaces(): void {
  for (const { name } of halves) ip("netns", "add", name);
  ip("link", "add", "eth0", "netns", "master", "type", "veth", "peer", "name", "eth0", "netns", "backup");
  for (const { name, address } of halves) {
    ip("-n", name, "link", "set", "lo", "up");
    ip("-n", name, "address", "add", `${address}/24`, "dev", "eth0");
    ip("-n", name, "link", "set", "eth0", "up");
  }
  for (const address of [virtualAddress, serverAddress])
    ip("-n", "master", "address", "add", `${address}/32`, "dev", "lo");
}

function startHalf({ name, port }: (typeof halves)[number]): StartedProduct {
  return startProduct({
    ...{ DIRECTOR: "kernel", NETNS: `/run/netns/${name}`, LISTEN: `127.0.0.1:${port}`, LOG_LEVEL: "warn" },
    ...{ STATE_DIR: join(pairFolder, name, "state"), RUNTIME_DIR: join(pairFolder, name, "run") },
  });
}

/** The link that it prints on its first run, once both of its processes listen. */
async function linkOf({ child, output }: StartedProduct, { name }: (typeof halves)[number]): Promise<string> {
  const untilMs = Date.now() + longestStartMs;
  for (;;) {
    const link = /^Open (\S+)$/m.exec(output())?.[1];
    if (link !== undefined && existsSync(join(pairFolder, name, "run", "director.sock"))) return link;
    if (child.exitCode !== null || Date.now() > untilMs) throw new Error(`The ${name} does not start:\n${output()}`);
    await pause(100);
  }
}

/** A namespace with a daemon or a process in it would live on. */
function removeNamespace(name: HalfName): void {
  const inside = (...words: string[]) => execFileSync("ip", ["netns", "exec", name, ...words], { stdio: "ignore" });
  for (const role of ["master", "backup"])
    try {
      inside("ipvsadm", "--stop-daemon", role);
    } catch {
      // none of that role
    }
  for (const pid of ip("netns", "pids", name).split("\n").filter(Boolean)) process.kill(Number(pid), "SIGKILL");
  ip("netns", "delete", name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const told = once(process, "SIGTERM");
  mkdirSync(pairFolder);
  writeFileSync(pidFile, String(process.pid));
  makeNamespaces();
  const products = halves.map(startHalf);
  const ends = halves.flatMap(({ port }) => [`${process.argv[2]}:${port}`, `127.0.0.1:${port}`]);
  const relays = spawn(process.execPath, [join(import.meta.dirname, "relay.mjs"), ...ends], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  try {
    const links = await Promise.all(halves.map((half, index) => linkOf(products[index] as StartedProduct, half)));
    writeFileSync(`${linksFile}.new`, JSON.stringify(links));
    renameSync(`${linksFile}.new`, linksFile);
    await told;
  } finally {
    relays.stdin.end();
    await Promise.all(products.map((product) => product.stop()));
    for (const { name } of halves) removeNamespace(name);
    rmSync(pairFolder, { recursive: true, force: true });
  }
}
