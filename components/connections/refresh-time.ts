/** How often a page may read anew by itself, in seconds. */
export const refreshChoices = [5, 10, 30, 60] as const;

/** A read takes a processor of the director: one that is slow is made less often, so that it costs a tenth at most. */
const slowness = 10;

/** Milliseconds from the end of a read to the next, when every `everyS` seconds was asked for and the last one took `tookMs`. */
export function refreshAfterMs(everyS: number, tookMs: number): number {
  return Math.max(everyS * 1000, slowness * tookMs);
}
