// Rows and commands of the addon (native/row.h) from plain objects, for its tests on a real kernel.

import { SocketAddress } from "node:net";

export const verbs = {
  newService: 1,
  setService: 2,
  deleteService: 3,
  newServer: 5,
  setServer: 6,
  deleteServer: 7,
  zero: 16,
  flush: 17,
};

/** [family, bytes] of an address as text. */
function addressBytes(text) {
  if (!text.includes(":")) return [2, text.split(".").map(Number)];
  const { address } = new SocketAddress({ address: text, family: "ipv6" });
  const [head, tail] = address.split("::").map((part) => part.split(":").filter((group) => group !== ""));
  const groups = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill("0"), ...tail];
  return [10, groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])];
}

function row(kind, fields) {
  const bytes = Buffer.alloc(96);
  const [family, address] = addressBytes(fields.address ?? (fields.family === 10 ? "::" : "0.0.0.0"));
  bytes[0] = kind;
  bytes[1] = fields.tunnelType ?? 0;
  bytes.writeUInt16LE(fields.family ?? family, 2);
  bytes.writeUInt16LE(fields.protocol ?? 0, 4);
  bytes.writeUInt16LE(fields.port ?? 0, 6);
  bytes.writeUInt32LE(fields.fwmark ?? 0, 8);
  bytes.set(address, 12);
  bytes.fields = fields;
  return bytes;
}

export function service(fields) {
  const bytes = row(0, fields);
  bytes.writeUInt32LE(fields.flags ?? 0, 28);
  bytes.writeUInt32LE(fields.timeoutS ?? 0, 32);
  if (Array.isArray(fields.netmask)) bytes.set(fields.netmask, 36);
  else bytes.writeUInt32LE(fields.netmask ?? (bytes.readUInt16LE(2) === 10 ? 128 : 0xffffffff), 36);
  bytes.write(fields.scheduler ?? "", 40);
  bytes.write(fields.engine ?? "", 56);
  return bytes;
}

export function server(fields) {
  const bytes = row(1, fields);
  bytes.writeUInt32LE(fields.forward ?? 0, 76);
  bytes.writeInt32LE(fields.weight ?? 0, 80);
  bytes.writeUInt32LE(fields.upperThreshold ?? 0, 84);
  bytes.writeUInt32LE(fields.lowerThreshold ?? 0, 88);
  bytes.writeUInt16LE(fields.tunnelPort ?? 0, 92);
  bytes.writeUInt16LE(fields.tunnelFlags ?? 0, 94);
  return bytes;
}

/** A row that is null is a row of kind 255: none. */
export function command(verb, serviceRow, serverRow = null, flagsMask = 0xffffffff) {
  const bytes = Buffer.alloc(200);
  bytes.writeUInt32LE(verb, 0);
  bytes.writeUInt32LE(flagsMask, 4);
  if (serviceRow === null) bytes[8] = 255;
  else bytes.set(serviceRow, 8);
  if (serverRow === null) bytes[104] = 255;
  else bytes.set(serverRow, 104);
  return bytes;
}

export const batch = (...commands) => Buffer.concat(commands);

export const rowsOf = ({ rows, config }) =>
  Array.from({ length: rows }, (_, i) => Buffer.from(config.subarray(i * 96, (i + 1) * 96)));
