// Connections of every kind that the kernel lists: made by real packets of this machine's own, and told by a sync daemon.
// For the guest only: takes loopback addresses and the whole IPVS table for itself.

import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { run } from "./shared.mjs";

export const tables = { plain: "/proc/net/ip_vs_conn", synced: "/proc/net/ip_vs_conn_sync" };

export const four = (text) => Uint8Array.from(text.split("."), Number);
/** Eight groups of hex digits. */
export const six = (text) =>
  Uint8Array.from(text.split(":").flatMap((word) => [Number.parseInt(word, 16) >> 8, Number.parseInt(word, 16) & 255]));

const rules = `
-A -t 198.51.100.1:80 -s rr
-a -t 198.51.100.1:80 -r 127.0.1.1:8080 -m
-A -u 198.51.100.1:5353 -s rr
-a -u 198.51.100.1:5353 -r [2001:db8::77]:5353 -i
-A -u [2001:db8::1]:5353 -s rr
-a -u [2001:db8::1]:5353 -r 127.0.1.3:5353 -i
-A -u 198.51.100.1:5060 -p 60 --pe sip -s rr
-a -u 198.51.100.1:5060 -r 127.0.1.4:5060 -m
-A -t 198.51.100.1:21 -p 60 -s rr
-a -t 198.51.100.1:21 -r 127.0.1.5:21 -m
-A -u 198.51.100.2:0 -p 60 -M 255.255.255.0 -s rr
-a -u 198.51.100.2:0 -r 127.0.1.6:0 -m
-A -u [2001:db8::1]:53 -p 60 -M 64 -s rr
-a -u [2001:db8::1]:53 -r [2001:db8::2]:53 -m
`;

/** Makes services of each kind, and connections to them by real packets. */
export async function sendPackets() {
  for (const address of ["198.51.100.1/32", "198.51.100.2/32"]) run("ip", "addr", "replace", address, "dev", "lo");
  for (const address of ["2001:db8::1/128", "2001:db8::2/128"])
    run("ip", "-6", "addr", "replace", address, "dev", "lo");
  for (const line of rules.trim().split("\n")) run("ipvsadm", ...line.split(" "));
  const sockets = { 4: createSocket("udp4"), 6: createSocket("udp6") };
  const send = (family, payload, port, address) =>
    new Promise((done) => sockets[family].send(payload, port, address, () => done()));
  for (const socket of Object.values(sockets)) socket.on("error", () => {});
  await send(4, "x", 5353, "198.51.100.1");
  await send(6, "x", 5353, "2001:db8::1");
  await send(6, "x", 53, "2001:db8::1");
  for (const port of [1000, 2000]) await send(4, "x", port, "198.51.100.2");
  const call = "Call-ID: a84b4c76e66710@192.0.2.33";
  await send(4, `INVITE sip:b@c SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.33\r\n${call}\r\n\r\n`, 5060, "198.51.100.1");
  for (const port of [80, 21]) {
    const socket = connect({ host: "198.51.100.1", port });
    await new Promise((done) => socket.on("error", done).on("connect", done));
    socket.destroy();
  }
  for (const socket of Object.values(sockets)) socket.close();
}

/** Every state of every protocol, templates of every kind: rows that another director's daemon tells of. */
export function syncedConnections() {
  const virtual = four("198.51.100.9");
  const server = four("10.0.0.1");
  const ends6 = {
    client: six("2001:db8:0:0:0:0:0:9"),
    virtual: six("2001:db8:0:0:0:0:1:1"),
    server: six("2001:db8:0:0:0:0:2:1"),
  };
  const states = { 6: 11, 17: 1, 132: 14 };
  const rows = [];
  for (const [protocol, count] of Object.entries(states)) {
    for (let state = 0; state < count; state++) {
      const more = { protocol: Number(protocol), state, clientPort: 40_000 + state, virtualPort: 80, serverPort: 8080 };
      rows.push({ ...more, client: four(`192.0.2.${state}`), virtual, server, timeoutS: 600 });
      rows.push({ ...more, ...ends6, timeoutS: 600 });
    }
  }
  const template = { isTemplate: true, protocol: 6, timeoutS: 4_000_000, virtual, server };
  rows.push({ ...template, state: 0, client: four("192.0.2.0"), virtualPort: 80, serverPort: 8080 });
  rows.push({ ...template, state: 1, client: four("192.0.3.0"), virtualPort: 80, serverPort: 8080 });
  const mark = { ...template, protocol: 0, state: 1 };
  rows.push({ ...mark, client: four("192.0.3.0"), virtual: four("222.173.190.239"), fwmark: 0xdeadbeef });
  rows.push({ ...mark, ...ends6, virtual: Uint8Array.from({ length: 16 }, (_, i) => (i === 3 ? 6 : 0)), fwmark: 6 });
  const call = { ...template, protocol: 17, state: 0, virtualPort: 5060, serverPort: 5060 };
  rows.push({ ...call, client: four("192.0.2.9"), engine: { name: "sip", data: "a b c@host" } });
  rows.push({ ...call, ...ends6, engine: { name: "sip", data: "6@host" } });
  return rows;
}

/** One whose engine data is as long as the kernel takes, which ipvsadm 1.31 does not survive. */
export const longestLine = {
  ...{ isTemplate: true, protocol: 17, state: 0, virtualPort: 5060, serverPort: 5060, timeoutS: 600 },
  client: six("2001:db8:1111:2222:3333:4444:5555:6666"),
  virtual: six("2001:db8:1111:2222:3333:4444:5555:7777"),
  server: six("2001:db8:1111:2222:3333:4444:5555:8888"),
  engine: { name: "sip", data: "x".repeat(255) },
};

/** What the file holds at one moment and what ipvsadm says of it at the same: no row came, went or changed between. */
export async function atOneMoment(file, other) {
  const shape = (text) => text.replace(/ +\d+(?= |$)/gm, "");
  for (let tries = 0; tries < 10; tries++) {
    const before = readFileSync(file, "latin1");
    const answer = await other();
    if (shape(before) === shape(readFileSync(file, "latin1"))) return [before, answer];
    await sleep(200);
  }
  throw new Error(`${file} does not stand still`);
}
