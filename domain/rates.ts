import { counterDifference, countersPerRow } from "./counters.ts";

/** The kernel copies per-CPU counters for readers every 2 s (ip_vs_est.c, estimation_timer): all that a reader sees moves in such steps. */
export const counterPeriodMs = 2000;
/** Rates are the slope over this long, two of the kernel's steps. */
export const slopeMs = 4000;

/**
 * Which of the last 8 samples, taken a second apart, found the row's counters moved: bit 0 is the
 * newest. Push one sample with `(history << 1 | moved) & 255`.
 */
export type MoveHistory = number;

/**
 * The time over which the difference of the last 4 samples came about.
 *
 * A sample taken close to the kernel's copy sees it a second early or late, so 4 s of samples hold 1 or 3
 * copies at times: the slope over the clock would be 50 % off. A row with traffic in every copy tells how
 * many there were, and each stands for 2 s; a row with pauses does not, and gets the clock.
 */
export function slopeElapsedMs(history: MoveHistory, clockMs: number): number {
  const copies = steadyCopies[history & 255] ?? 0;
  return copies > 0 ? copies * counterPeriodMs : clockMs;
}

/** By move history: the copies in the newest 4 samples when the whole history is that of a row that never pauses, else 0. */
const steadyCopies = Uint8Array.from({ length: 256 }, (_, history) => {
  let gap = 0;
  let longestGap = 0;
  let moves = 0;
  for (let bit = 0; bit < 8; bit++) {
    const moved = (history >> bit) & 1;
    gap = moved ? 0 : gap + 1;
    longestGap = Math.max(longestGap, gap);
    moves += moved;
  }
  const newest = [0, 1, 2, 3].reduce((sum, bit) => sum + ((history >> bit) & 1), 0);
  // Two or more silent samples in a row with a step on both sides are a late copy; three are a pause.
  return longestGap <= 2 && moves >= 3 && moves <= 5 && newest >= 1 && newest <= 3 ? newest : 0;
});

/**
 * Writes the five rates per second of one row to out[at…at+4], or NaN to all five when there is none to
 * tell: no time passed, or a counter went down (zeroed, or removed and added again), where a guess would
 * draw a false spike. A gap is never a zero.
 *
 * @param before, after 32-bit halves of the counters (halvesOf), five to a row, at rows beforeRow and row
 * @param elapsedMs what slopeElapsedMs() says, on a monotonic clock
 */
export function writeRates(
  before: Uint32Array,
  beforeRow: number,
  after: Uint32Array,
  row: number,
  elapsedMs: number,
  out: Float32Array,
  at: number,
): void {
  for (let counter = 0; counter < countersPerRow; counter++) {
    const difference = counterDifference(
      before,
      after,
      row * countersPerRow + counter,
      beforeRow * countersPerRow + counter,
    );
    if (difference < 0 || elapsedMs <= 0) {
      out.fill(Number.NaN, at, at + countersPerRow);
      return;
    }
    out[at + counter] = (difference * 1000) / elapsedMs;
  }
}

/** Rates of one row per second; null is a gap. Bytes, not bits: pages convert. */
export interface Rates {
  connectionsPerSecond: number;
  inPacketsPerSecond: number;
  outPacketsPerSecond: number;
  inBytesPerSecond: number;
  outBytesPerSecond: number;
}

export function ratesOf(rates: Float32Array, row: number): Rates | null {
  const at = row * countersPerRow;
  const first = rates[at];
  if (first === undefined || Number.isNaN(first)) return null;
  return {
    connectionsPerSecond: first,
    inPacketsPerSecond: rates[at + 1] ?? 0,
    outPacketsPerSecond: rates[at + 2] ?? 0,
    inBytesPerSecond: rates[at + 3] ?? 0,
    outBytesPerSecond: rates[at + 4] ?? 0,
  };
}
