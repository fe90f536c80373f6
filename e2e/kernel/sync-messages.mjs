/**
 * Connections made the way another director's sync daemon would: datagrams of the sync protocol, version 1
 * (the comment at the head of linux net/netfilter/ipvs/ip_vs_sync.c), sent to a backup daemon on lo.
 */
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const group = "224.0.0.81";
const port = 8848;
const template = 0x1000;
const headerBytes = 8;
/** What a daemon of the usual MTU takes, with room to spare. */
const mostBytes = 1400;
const options = { engineData: 2, engineName: 3 };

/**
 * @typedef {object} SyncedConnection
 * @property {number} protocol IPPROTO_*; 0 for templates of firewall marks
 * @property {number} [state] as the protocol numbers its states; of a template 0 or 1
 * @property {Uint8Array} client 4 or 16 bytes, as are the two others
 * @property {Uint8Array} virtual
 * @property {Uint8Array} server
 * @property {number} [clientPort]
 * @property {number} [virtualPort]
 * @property {number} [serverPort]
 * @property {boolean} [isTemplate]
 * @property {number} [fwmark]
 * @property {number} [timeoutS] 0: the protocol's own
 * @property {{ name: string, data: string }} [engine]
 */

/** Starts the backup daemon that sendConnections() talks to. It takes any sync id. */
export function startBackup() {
  execFileSync("ip", ["link", "set", "lo", "multicast", "on"]);
  execFileSync("ipvsadm", ["--start-daemon", "backup", "--mcast-interface", "lo", "--syncid", "0"]);
}

export function stopBackup() {
  execFileSync("ipvsadm", ["--stop-daemon", "backup"]);
}

/**
 * Sends connections and waits until the table has got `connections.length` more rows than it had.
 * @param {Iterable<SyncedConnection>} connections
 */
export async function sendConnections(connections) {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  socket.setMulticastInterface("127.0.0.1");
  let sent = 0;
  for (const datagram of datagrams(connections)) {
    await new Promise((resolve, reject) =>
      socket.send(datagram, port, group, (error) => (error ? reject(error) : resolve())),
    );
    // The daemon reads its socket's buffer on its own time.
    if (++sent % 32 === 0) await sleep(5);
  }
  await untilRead();
  socket.close();
}

/** Until the daemon's socket holds nothing more: what was sent is in the table. */
async function untilRead() {
  for (let tries = 0; tries < 500; tries++) {
    const sockets = readFileSync("/proc/net/udp", "utf8").split("\n");
    const waiting = sockets.filter((line) =>
      new RegExp(`:${port.toString(16).toUpperCase()} `).test(line.slice(0, 30)),
    );
    if (waiting.length > 0 && waiting.every((line) => / [0-9A-F]{8}:00000000 /.test(line))) return;
    await sleep(20);
  }
  throw new Error("the backup daemon does not read its socket");
}

/** @param {Iterable<SyncedConnection>} connections */
function* datagrams(connections) {
  let entries = [];
  let bytes = headerBytes;
  for (const connection of connections) {
    const entry = encode(connection);
    if (bytes + entry.length > mostBytes || entries.length === 255) {
      yield withHeader(entries, bytes);
      entries = [];
      bytes = headerBytes;
    }
    entries.push(entry);
    bytes += entry.length;
  }
  if (entries.length > 0) yield withHeader(entries, bytes);
}

function withHeader(entries, bytes) {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(bytes, 2);
  header[4] = entries.length;
  header[5] = 1;
  return Buffer.concat([header, ...entries]);
}

/** @param {SyncedConnection} connection */
function encode({ client, virtual, server, engine, ...rest }) {
  const head = Buffer.alloc(24);
  const ends = Buffer.concat([client, virtual, server]);
  const named = engine ? [option(options.engineData, engine.data), option(options.engineName, engine.name)] : [];
  const entry = Buffer.concat([head, ends, ...named]);
  entry[0] = client.length === 16 ? 1 : 0;
  entry[1] = rest.protocol;
  entry.writeUInt16BE(entry.length, 2);
  entry.writeUInt32BE(rest.isTemplate ? template : 0, 4);
  entry.writeUInt16BE(rest.state ?? 0, 8);
  entry.writeUInt16BE(rest.clientPort ?? 0, 10);
  entry.writeUInt16BE(rest.virtualPort ?? 0, 12);
  entry.writeUInt16BE(rest.serverPort ?? 0, 14);
  entry.writeUInt32BE(rest.fwmark ?? 0, 16);
  entry.writeUInt32BE(rest.timeoutS ?? 0, 20);
  return Buffer.concat([entry, Buffer.alloc((4 - (entry.length % 4)) % 4)]);
}

function option(type, text) {
  return Buffer.concat([Buffer.of(type, text.length), Buffer.from(text, "latin1")]);
}
