/** A trickle of clients for the lab, so that there is something to see: `node traffic.mjs ADDRESS…`. HTTP on port 80 of each, UDP on port 53 of the first. */
import { createSocket } from "node:dgram";
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const hosts = process.argv.slice(2);
process.stdin.on("end", () => process.exit(0)).resume();

/** One wave in two minutes, between 2 and 18 requests a second. */
const pauseMs = () => 1_000 / (10 + 8 * Math.sin((Date.now() / 120_000) * 2 * Math.PI));

async function browse(host) {
  for (;;) {
    get({ host, path: `/?kib=${Math.floor(Math.random() * 16)}`, agent: false, timeout: 5_000 }, (response) =>
      response.resume(),
    )
      .on("timeout", (request) => request?.destroy())
      .on("error", () => {});
    await sleep(pauseMs());
  }
}

async function query(host) {
  const socket = createSocket("udp4");
  socket.on("message", () => {});
  for (;;) {
    socket.send("question", 53, host, () => {});
    await sleep(pauseMs() * 2);
  }
}

await Promise.all([...hosts.map((host) => browse(host)), query(hosts[0])]);
