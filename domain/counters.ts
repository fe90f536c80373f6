/**
 * Counters live in BigUint64Arrays, five to a row, as the kernel keeps them. BigInt arithmetic is
 * slow, so differences are taken on a Uint32Array over the same memory: exact up to 2^53 apart.
 */
export const counterNames = ["connections", "inPackets", "outPackets", "inBytes", "outBytes"] as const;
export type CounterName = (typeof counterNames)[number];
export const countersPerRow = counterNames.length;

export const gaugeNames = ["active", "inactive", "persistent"] as const;
export type GaugeName = (typeof gaugeNames)[number];
export const gaugesPerRow = gaugeNames.length;

/** Counters of one row for people and JSON: decimal strings, since 2^53 bytes pass in days at 100 Gbit/s. */
export type Counters = Record<CounterName, string>;
export type Gauges = Record<GaugeName, number>;

/** The two 32-bit halves of every counter, low half first (little endian), without a copy. */
export function halvesOf(counters: BigUint64Array): Uint32Array {
  return new Uint32Array(counters.buffer, counters.byteOffset, counters.length * 2);
}

/**
 * after[index] − before[index]: negative when the counter went down, exact while the two are
 * less than 2^53 apart.
 */
export function counterDifference(before: Uint32Array, after: Uint32Array, index: number, beforeIndex = index): number {
  const low = (after[2 * index] ?? 0) - (before[2 * beforeIndex] ?? 0);
  const high = (after[2 * index + 1] ?? 0) - (before[2 * beforeIndex + 1] ?? 0);
  return high * 4_294_967_296 + low;
}

export function countersOf(counters: BigUint64Array, row: number): Counters {
  const at = row * countersPerRow;
  return {
    connections: String(counters[at] ?? 0n),
    inPackets: String(counters[at + 1] ?? 0n),
    outPackets: String(counters[at + 2] ?? 0n),
    inBytes: String(counters[at + 3] ?? 0n),
    outBytes: String(counters[at + 4] ?? 0n),
  };
}

export function gaugesOf(gauges: Uint32Array, row: number): Gauges {
  const at = row * gaugesPerRow;
  return { active: gauges[at] ?? 0, inactive: gauges[at + 1] ?? 0, persistent: gauges[at + 2] ?? 0 };
}
