import type { ConnectionFilter } from "../connection.ts";
import { type EndpointPattern, parseEndpointPattern } from "../endpoint-pattern.ts";
import { isIpv6, protocolNumber, rowAt, rowBit } from "./packed-row.ts";

type End = "client" | "virtual" | "server";
const allEnds: readonly End[] = ["client", "virtual", "server"];

/** Says of packed rows whether a filter takes them. @param states by the number in a row; may grow while rows are read */
export function connectionMatcher(filter: ConnectionFilter, states: readonly string[]): (row: DataView) => boolean {
  const protocols = new Set(filter.protocol.map((name) => protocolNumber(name.toUpperCase())));
  const wantedStates = new Set(filter.state);
  const wantsTemplates = filter.kind === "templates";
  const patterns: [readonly End[], EndpointPattern][] = [];
  for (const name of [...allEnds, "any"] as const) {
    const text = filter[name];
    if (text === undefined) continue;
    const pattern = parseEndpointPattern(text);
    if (!pattern) throw new TypeError(`no pattern of an endpoint: ${text}`);
    patterns.push([name === "any" ? allEnds : [name], pattern]);
  }
  return (row) => {
    const bits = row.getUint32(rowAt.bits, true);
    if (((bits & rowBit.template) !== 0) !== wantsTemplates) return false;
    if (protocols.size > 0 && !protocols.has(row.getUint8(rowAt.protocol))) return false;
    if (wantedStates.size > 0 && !wantedStates.has(states[row.getUint8(rowAt.state)] ?? "")) return false;
    if (filter.origin === "local" && bits & rowBit.synced) return false;
    if (filter.origin === "sync" && !(bits & rowBit.synced)) return false;
    return patterns.every(([ends, pattern]) => ends.some((end) => endMatches(row, end, pattern)));
  };
}

function endMatches(row: DataView, end: End, { network, port }: EndpointPattern): boolean {
  if (port !== null && row.getUint16(rowAt[`${end}Port`], true) !== port) return false;
  if (!network) return true;
  if ((network.family === 6) !== isIpv6(row, end)) return false;
  return sharesPrefix(row, rowAt[end], network.bytes, network.prefix);
}

function sharesPrefix(row: DataView, at: number, bytes: Uint8Array, prefix: number): boolean {
  for (let byte = 0; byte * 8 < prefix; byte++) {
    const mask = 0xff & (0xff00 >> Math.min(8, prefix - byte * 8));
    if (((row.getUint8(at + byte) ^ (bytes[byte] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}
