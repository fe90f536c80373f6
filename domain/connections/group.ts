import type { ConnectionGrouping } from "../connection-query.ts";
import { endpoint } from "../endpoint.ts";
import { addressText, connectionRowBytes, endpointOf, isIpv6, protocolName, rowAt, rowBit } from "./packed-row.ts";

/** Which fields tell the groups apart, as [from, length] in a row. */
const fieldsOf: Record<ConnectionGrouping, readonly [number, number][]> = {
  client: [[rowAt.client, 16]],
  "client-net": [[rowAt.client, 8]],
  state: [[rowAt.state, 1]],
  virtual: [
    [rowAt.virtual, 16],
    [rowAt.virtualPort, 2],
  ],
  server: [
    [rowAt.server, 16],
    [rowAt.serverPort, 2],
  ],
  protocol: [[rowAt.protocol, 1]],
};
const netPrefix = { 4: 24, 6: 64 } as const;

/** Writes into `group` the row that stands for the group of `row`: only what the group has in common, all else 0. */
export function groupRowOf(row: DataView, by: ConnectionGrouping, group: Uint8Array): void {
  group.fill(0);
  const source = new Uint8Array(row.buffer, row.byteOffset, connectionRowBytes);
  for (const [from, length] of fieldsOf[by]) group.set(source.subarray(from, from + length), from);
  const bits = row.getUint32(rowAt.bits, true);
  if (by === "client-net" && !(bits & rowBit.ipv6)) group[rowAt.client + 3] = 0;
  if (by === "client" || by === "client-net" || by === "virtual") group[rowAt.bits] = bits & rowBit.ipv6;
  if (by === "server") group[rowAt.bits] = bits & rowBit.ipv6Server;
}

/** What a group is called: `10.0.0.1`, `10.0.0.0/24`, `10.0.0.1:80`, `ESTABLISHED`, `tcp`. */
export function groupName(group: DataView, by: ConnectionGrouping, states: readonly string[]): string {
  if (by === "client") return addressText(group, "client");
  if (by === "client-net") return `${addressText(group, "client")}/${netPrefix[isIpv6(group, "client") ? 6 : 4]}`;
  if (by === "state") return states[group.getUint8(rowAt.state)] ?? "";
  if (by === "protocol") return protocolName(group.getUint8(rowAt.protocol));
  const { address, port } = endpointOf(group, by);
  return endpoint(address, port);
}

/** Counts packed rows by what they have in common. */
export class GroupCounts {
  /** rows of groups past the most that are told apart */
  others = 0;
  readonly #by: ConnectionGrouping;
  readonly #most: number;
  readonly #places = new Map<string, number>();
  readonly #counts: number[] = [];
  readonly #scratch = new Uint8Array(connectionRowBytes);
  #rows = new Uint8Array(64 * connectionRowBytes);

  constructor(by: ConnectionGrouping, most: number) {
    this.#by = by;
    this.#most = most;
  }

  /** of groups that were told apart */
  get total(): number {
    return this.#counts.length;
  }

  add(row: DataView): void {
    groupRowOf(row, this.#by, this.#scratch);
    const key = String.fromCharCode(...this.#scratch);
    const place = this.#places.get(key);
    if (place !== undefined) this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    else if (this.total >= this.#most) this.others++;
    else this.#begin(key);
  }

  #begin(key: string): void {
    const at = this.total * connectionRowBytes;
    if (at === this.#rows.length) {
      const larger = new Uint8Array(this.#rows.length * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    this.#rows.set(this.#scratch, at);
    this.#places.set(key, this.total);
    this.#counts.push(1);
  }

  /** The largest first, equal ones by name in the order of code units. */
  largest(
    states: readonly string[],
    { offset, limit }: { offset: number; limit: number },
  ): { packed: Uint8Array; counts: Float64Array } {
    const names = this.#counts.map((_, place) => this.#nameAt(place, states));
    const order = names.map((_, place) => place);
    const byName = (a: number, b: number) => ((names[a] ?? "") < (names[b] ?? "") ? -1 : 1);
    order.sort((a, b) => (this.#counts[b] ?? 0) - (this.#counts[a] ?? 0) || byName(a, b));
    const chosen = order.slice(offset, offset + limit);
    const packed = new Uint8Array(chosen.length * connectionRowBytes);
    chosen.forEach((place, index) => {
      const at = place * connectionRowBytes;
      packed.set(this.#rows.subarray(at, at + connectionRowBytes), index * connectionRowBytes);
    });
    return { packed, counts: Float64Array.from(chosen, (place) => this.#counts[place] ?? 0) };
  }

  #nameAt(place: number, states: readonly string[]): string {
    const row = new DataView(this.#rows.buffer, place * connectionRowBytes, connectionRowBytes);
    return groupName(row, this.#by, states);
  }
}
