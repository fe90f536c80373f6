/**
 * The lab's guest, started by start-lab.mjs with one JSON argument { product, env, services }: network, real servers, a command server for
 * the host and the product. Writes one line "lab: ready" to stdout when all answer; ends, with its status, when the product does.
 */
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { serveCommands } from "./command-server.mjs";
import { addShowServices, buildGuestNetwork } from "./lab-guest-network.mjs";
import { commandPort, webPort } from "./lab-ports.mjs";
import { startServices } from "./lab-product.mjs";
import { addresses } from "./network.mjs";
import { relay } from "./relay.mjs";

const { product, env, services } = JSON.parse(process.argv[2]);

await buildGuestNetwork();
await serveCommands(addresses.guest, commandPort);
if (services) await addShowServices();
if (product === null) {
  const link = await startServices(env, (_name, status) => process.exit(status)).catch((error) => fail(error.message));
  process.stdout.write(`Open ${link}\n`);
} else runWords();
await relay(`${addresses.guest}:${webPort}`, `127.0.0.1:${webPort}`);
while (!(await answers())) await sleep(200);
process.stdout.write("lab: ready\n");

function runWords() {
  const server = spawn(product[0], product.slice(1), {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...env },
  });
  server.on("error", (error) => fail(`The product could not be started: ${error.message}`));
  server.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
}

function answers() {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port: webPort }, () => resolve(true));
    socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
