/**
 * Hands connections on, byte for byte: `node relay.mjs LISTEN TARGET [LISTEN TARGET…]`, each a path of a unix socket or HOST:PORT.
 * Prints "ready" when all listen. Unix sockets are how host and namespace meet: a path does not belong to a network.
 */
import { connect, createServer } from "node:net";
import { fileURLToPath } from "node:url";

/** Listens on one end and hands every connection on to the other; resolves to the listening server. */
export function relay(listen, target) {
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ ...endpoint(target), allowHalfOpen: true });
    near.pipe(far);
    far.pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroySoon());
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(endpoint(listen), () => resolve(server));
  });
}

function endpoint(text) {
  if (text.startsWith("/")) return { path: text };
  const colon = text.lastIndexOf(":");
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const ends = process.argv.slice(2);
  for (let index = 0; index < ends.length; index += 2) await relay(ends[index], ends[index + 1]);
  process.stdout.write("ready\n");
  // The one who started it holds its standard input open for as long as it is wanted.
  process.stdin.on("end", () => process.exit(0)).resume();
}
