import { addressOf } from "../address.ts";
import type { Connection, Endpoint } from "../connection.ts";

/**
 * A row of the connection table in 64 bytes, little-endian (`ConnectionRow` of native/connections.h): so a page of rows
 * crosses from the addon as one buffer, and 200,000 held rows are 12.8 MB and no object.
 */
export const connectionRowBytes = 64;
export const rowAt = {
  client: 0,
  virtual: 16,
  server: 32,
  clientPort: 48,
  virtualPort: 50,
  serverPort: 52,
  protocol: 54,
  state: 55,
  expires: 56,
  bits: 60,
} as const;

/** of `bits`; the 24 above them number the text of the persistence engine, 0 for none */
export const rowBit = { ipv6: 1, ipv6Server: 2, template: 4, originKnown: 8, synced: 16 } as const;
export const engineShift = 8;

/** What the numbers in rows stand for. */
export interface RowNames {
  /** by the number in a row */
  states: readonly string[];
  /** `NAME DATA`, by the number in a row less one */
  engines: readonly string[];
}

const protocolNames: Record<number, string> = { 0: "ip", 1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6", 132: "sctp" };

/** Of a template, when there were too many to count. */
const notCounted = 0xffff_ffff;

/** As /proc prints it (ip_vs_proto_name, linux net/netfilter/ipvs/ip_vs_proto.c), in lower case. */
export function protocolName(number: number): string {
  return protocolNames[number] ?? `ip_${number}`;
}

const protocolNumbers = new Map([
  ...Object.entries(protocolNames).map(([number, name]) => [name.toUpperCase(), Number(number)] as const),
  ["ICMPv6", 58],
]);

/** 255 for what is no protocol's name. @param text as /proc prints it */
export function protocolNumber(text: string): number {
  const known = protocolNumbers.get(text);
  if (known !== undefined) return known;
  const digits = /^IP_0*(\d{1,3})$/.exec(text)?.[1];
  return digits !== undefined && Number(digits) < 255 ? Number(digits) : 255;
}

/** Row `index` of `packed`. @param holds of a template, how many connections follow it */
export function decodeConnection(packed: Uint8Array, index: number, names: RowNames, holds: number): Connection {
  const row = viewOf(packed, index);
  const bits = row.getUint32(rowAt.bits, true);
  const isTemplate = (bits & rowBit.template) !== 0;
  const engine = engineOf(names.engines[(bits >>> engineShift) - 1]);
  return {
    protocol: protocolName(row.getUint8(rowAt.protocol)),
    client: endpointOf(row, "client"),
    virtual: endpointOf(row, "virtual"),
    server: endpointOf(row, "server"),
    state: names.states[row.getUint8(rowAt.state)] ?? "",
    expiresS: row.getUint32(rowAt.expires, true),
    isTemplate,
    // An engine keeps a client's templates apart by its data, which no connection's row has.
    holds: isTemplate && engine === null && holds !== notCounted ? holds : null,
    engine,
    origin: bits & rowBit.originKnown ? (bits & rowBit.synced ? "sync" : "local") : null,
  };
}

/** One end of a packed row. */
export function endpointOf(row: DataView, end: "client" | "virtual" | "server"): Endpoint {
  return { address: addressText(row, end), port: row.getUint16(rowAt[`${end}Port`], true) };
}

export function addressText(row: DataView, end: "client" | "virtual" | "server"): string {
  const bytes = new Uint8Array(row.buffer, row.byteOffset + rowAt[end], isIpv6(row, end) ? 16 : 4);
  return addressOf(bytes).text;
}

export function isIpv6(row: DataView, end: "client" | "virtual" | "server"): boolean {
  return (row.getUint32(rowAt.bits, true) & (end === "server" ? rowBit.ipv6Server : rowBit.ipv6)) !== 0;
}

export function viewOf(packed: Uint8Array, index: number): DataView {
  return new DataView(packed.buffer, packed.byteOffset + index * connectionRowBytes, connectionRowBytes);
}

function engineOf(text: string | undefined): Connection["engine"] {
  if (text === undefined) return null;
  const space = text.indexOf(" ");
  return space < 0 ? { name: text, data: "" } : { name: text.slice(0, space), data: text.slice(space + 1) };
}
