/** The guest's side of the lab's network: its own addresses, the virtual ones, and two real servers in namespaces behind it. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { addresses } from "./network.mjs";

const run = promisify(execFile);
const ip = (...args) => run("ip", args);

/** Port on which the real servers answer HTTP and echo UDP. */
export const realServerPort = 8080;

/** Brings the interfaces up and starts the two real servers; resolves when both answer. */
export async function buildGuestNetwork() {
  await ip("link", "set", "vec0", "up");
  for (const address of [`${addresses.guest}/24`, `${addresses.virtual}/24`])
    await ip("address", "add", address, "dev", "vec0");
  for (const address of [`${addresses.guest6}/64`, `${addresses.virtual6}/64`])
    await ip("-6", "address", "add", address, "dev", "vec0", "nodad");
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
  await writeFile("/proc/sys/net/ipv6/conf/all/forwarding", "1");
  await Promise.all([1, 2].map((number) => addRealServer(number)));
}

async function addRealServer(number) {
  const space = `rs${number}`;
  const inside = (...args) => ip("-n", space, ...args);
  await ip("netns", "add", space);
  await ip("link", "add", `v${number}`, "type", "veth", "peer", "name", "eth0", "netns", space);
  await ip("address", "add", `10.98.${number}.1/24`, "dev", `v${number}`);
  await ip("-6", "address", "add", `fd98:${number}::1/64`, "dev", `v${number}`, "nodad");
  await ip("link", "set", `v${number}`, "up");
  await inside("link", "set", "lo", "up");
  await inside("address", "add", `${addresses.realServers[number - 1]}/24`, "dev", "eth0");
  await inside("-6", "address", "add", `${addresses.realServers6[number - 1]}/64`, "dev", "eth0", "nodad");
  await inside("link", "set", "eth0", "up");
  await inside("route", "add", "default", "via", `10.98.${number}.1`);
  await inside("-6", "route", "add", "default", "via", `fd98:${number}::1`);
  const program = [
    process.execPath,
    join(import.meta.dirname, "real-server.mjs"),
    `real-server-${number}`,
    String(realServerPort),
  ];
  const server = spawn("ip", ["netns", "exec", space, ...program], { stdio: ["ignore", "pipe", "inherit"] });
  server.on("exit", (code, signal) => process.stderr.write(`real-server-${number} ended (${signal ?? code})\n`));
  await once(server.stdout, "data");
}

/** Services that the lab shows from the start: HTTP and UDP over both real servers, IPv4 and IPv6, all NAT. */
export async function addShowServices() {
  const rows = [
    ["-t", `${addresses.virtual}:80`, "wrr", addresses.realServers.map((address) => `${address}:${realServerPort}`)],
    ["-u", `${addresses.virtual}:53`, "rr", addresses.realServers.map((address) => `${address}:${realServerPort}`)],
    [
      "-t",
      `[${addresses.virtual6}]:80`,
      "wlc",
      addresses.realServers6.map((address) => `[${address}]:${realServerPort}`),
    ],
  ];
  for (const [kind, service, scheduler, servers] of rows) {
    await run("ipvsadm", ["-A", kind, service, "-s", scheduler]);
    for (const server of servers) await run("ipvsadm", ["-a", kind, service, "-r", server, "-m"]);
  }
}
