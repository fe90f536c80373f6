import type { ConnectionFilter, ReadProgress } from "#domain/connection";
import type { ConnectionGrouping, ConnectionSort } from "#domain/connection-query";
import type { PersistentService } from "#domain/connections/persistent-service";

/** What a read of the connection table keeps while it reads. */
export interface ReadPlan {
  filter: ConnectionFilter;
  group: ConnectionGrouping | null;
  /** for the part of a read that is done: active and inactive connections summed over the services when it begins */
  rowsExpected: number;
  maxHeld: number;
  maxGroups: number;
  /** as persistentServices() has them: whose templates hold connections, and by which of a client's bits */
  persistent: readonly PersistentService[];
}

/**
 * Ends: IPv4 first, then by address and port. Protocols: by number; states: by name, by code units. What is equal stays in
 * the order of the table, whichever way round; without a sort so does everything.
 */
export interface RowOrder {
  /** null: as they came */
  sort: ConnectionSort | null;
  descending: boolean;
  offset: number;
  limit: number;
}

export interface GroupOrder {
  /** the plan's: of all rows that match; another one: of those that are held */
  by: ConnectionGrouping;
  offset: number;
  limit: number;
}

/**
 * Where connections are read: the kernel's file through the addon (kernel-connections.ts), or a simulated table
 * (simulated/connections.ts). One read at a time is asked of it (connection-reads.ts sees to that).
 */
export interface ConnectionSource {
  /** Begins a read; nothing is read before run(). Rejects with IpvsFault when there is no such file or no right. */
  open(plan: ReadPlan): Promise<OpenRead>;
}

/** A read that was begun: it goes on where it stopped, and what it kept can be looked at in between and afterwards. */
export interface OpenRead {
  /** Reads on until the end, for `budgetMs`, or until cancel(); off the main thread. Rejects with IpvsFault. */
  run(budgetMs: number): Promise<ReadProgress>;
  /** At any time, also while run() is under way. `tookMs` so far. */
  progress(): ReadProgress;
  /** run() ends soon, and the read cannot go on; what it kept stays. */
  cancel(): void;
  /** Not while run() is under way. One array per column, as long as there are rows: see HeldRows. */
  rows(order: RowOrder): Promise<HeldRows>;
  /** The largest first, equal ones by name as sorted by code units. Not while run() is under way. */
  groups(order: GroupOrder): Promise<HeldGroups>;
  /** Gives up what it kept. */
  close(): void;
}

/** Rows of a page as the source hands them out; held-read.ts makes Connection objects of them. */
export interface HeldRows {
  /** rows × 64 bytes: `ConnectionRow` of native/connections.h */
  packed: Uint8Array;
  /** names of states by the number in a row */
  states: readonly string[];
  /** `NAME DATA` of the persistence engine, by the number in a row less one */
  engines: readonly string[];
  /** of templates, what they hold, or 4,294,967,295 when there were too many to count; of others 0. As long as there are rows */
  holds: Uint32Array;
}

export interface HeldGroups {
  /** a ConnectionRow each, of which only the fields that the group stands for are set */
  packed: Uint8Array;
  counts: Float64Array;
  states: readonly string[];
  total: number;
  others: number;
}
