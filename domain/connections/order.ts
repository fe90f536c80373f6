import type { ConnectionSort } from "../connection-query.ts";
import { connectionRowBytes, rowAt, rowBit } from "./packed-row.ts";

/**
 * The numbers of the first `count` packed rows in an order; ties stay as they came, whichever way round. Ends go by family
 * (IPv4 first), address and port; protocols by their number, states by name in the order of code units.
 */
export function rowOrder(
  packed: Uint8Array,
  count: number,
  { sort, descending }: { sort: ConnectionSort | null; descending: boolean },
  states: readonly string[],
): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  if (sort === null) return order;
  const rows = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const compare = comparatorOf(rows, sort, states);
  const way = descending ? -1 : 1;
  return order.sort((a, b) => way * compare(a * connectionRowBytes, b * connectionRowBytes) || a - b);
}

/** Compares two rows by where they begin. */
function comparatorOf(
  rows: DataView,
  sort: ConnectionSort,
  states: readonly string[],
): (a: number, b: number) => number {
  if (sort === "protocol") return (a, b) => rows.getUint8(a + rowAt.protocol) - rows.getUint8(b + rowAt.protocol);
  if (sort === "expires")
    return (a, b) => rows.getUint32(a + rowAt.expires, true) - rows.getUint32(b + rowAt.expires, true);
  if (sort === "state") {
    const name = (row: number) => states[rows.getUint8(row + rowAt.state)] ?? "";
    return (a, b) => (name(a) === name(b) ? 0 : name(a) < name(b) ? -1 : 1);
  }
  const family = sort === "server" ? rowBit.ipv6Server : rowBit.ipv6;
  const bits = (row: number) => rows.getUint32(row + rowAt.bits, true) & family;
  const portAt = rowAt[`${sort}Port`];
  return (a, b) => {
    const families = bits(a) - bits(b);
    if (families !== 0) return families;
    for (let at = rowAt[sort]; at < rowAt[sort] + 16; at += 4) {
      const words = rows.getUint32(a + at) - rows.getUint32(b + at);
      if (words !== 0) return words;
    }
    return rows.getUint16(a + portAt, true) - rows.getUint16(b + portAt, true);
  };
}
