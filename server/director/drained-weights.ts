import type { Ipvs } from "./ipvs.ts";

/** What drained servers get back: serverId → weight, null to forget one. */
export type DrainedChanges = ReadonlyMap<string, number | null>;

/**
 * The weights that drained servers had, kept over restarts. A kept weight means something only while the server's
 * weight is 0: whoever raises it elsewhere has made it stale.
 */
export interface DrainedWeights {
  /** From memory, so that a sample need not wait. */
  weightOf(serverId: string): number | null;
  /** Every id that has one. */
  ids(): Iterable<string>;
  /** All of it or nothing; rejects with STORE_FAILED. */
  write(changes: DrainedChanges): Promise<void>;
}

/** Where weights are kept, a set for each kind of table, so that a simulated one never speaks for the host's. */
export interface DrainedWeightsStore {
  drainedWeights(kind: Ipvs["kind"]): DrainedWeights;
}
