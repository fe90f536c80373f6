import { z } from "zod";
import type { Counters } from "./counters.ts";
import type { ErrorCode, ErrorParams } from "./errors.ts";
import {
  listFilters,
  longestRowId,
  longestSearch,
  longestServiceId,
  maxFolds,
  maxFollowedRows,
  sortColumns,
} from "./list-query.ts";
import type { SessionEnd } from "./people.ts";
import type { TableRow } from "./table.ts";

/**
 * What one browser tab sees of the living table. The tab says what is on its screen (a View); the web
 * process answers with events that carry that and nothing else, over one stream a tab.
 */

const serviceIdSchema = z.string().max(longestServiceId);

export const listQuerySchema = z.object({
  /** every word must be in the service or in one of its servers; case does not matter */
  search: z.string().max(longestSearch),
  protocol: z.array(z.enum(listFilters.protocol)),
  family: z.array(z.enum(listFilters.family)),
  forward: z.array(z.enum(listFilters.forward)),
  state: z.array(z.enum(listFilters.state)),
  /** only this service, by serviceId */
  service: serviceIdSchema.nullable(),
  sort: z.enum(sortColumns),
  descending: z.boolean(),
  /** services whose servers are unfolded under them */
  open: z.union([z.literal("all"), z.array(serviceIdSchema).max(maxFolds)]),
  /** with open "all": services that are folded all the same */
  closed: z.array(serviceIdSchema).max(maxFolds),
  /** rows of the flattened list, from ≤ i < to */
  from: z.number().int().min(0),
  to: z.number().int().min(0),
});
export type ListQuery = z.infer<typeof listQuerySchema>;

export const viewSchema = z.object({
  list: listQuerySchema.nullable(),
  /** rows followed by name, wherever they stand in the list */
  follow: z.array(z.string().max(longestRowId)).max(maxFollowedRows),
  /** send exact counters too (the totals columns) */
  counters: z.boolean(),
  /** send how the whole table stands with every sample; without it only when its counts change */
  totals: z.boolean(),
});
export type View = z.infer<typeof viewSchema>;

/** Is what is shown alive? `stale`: the samples stopped, the last values stand, with their age; each failed try says it anew. */
export type LiveState =
  | { kind: "connecting" }
  | { kind: "live" }
  | { kind: "stale"; code: ErrorCode; params: ErrorParams; retryInMs: number | null; failures: number };

/** A row on screen: its place in the director's numbering, and what it is. `drainedWeight` as in ServerRecord. */
export interface DescribedRow {
  slot: number;
  row: TableRow;
  drainedWeight: number | null;
  /** services: how many servers, and how many of them take new connections */
  servers?: number;
  usable?: number;
}

/** slot, connections/s, in packets/s, out packets/s, in bytes/s, out bytes/s (null: a gap), active, inactive, persistent */
export type RowValues = [
  slot: number,
  connectionsPerSecond: number | null,
  inPacketsPerSecond: number | null,
  outPacketsPerSecond: number | null,
  inBytesPerSecond: number | null,
  outBytesPerSecond: number | null,
  active: number,
  inactive: number,
  persistent: number,
];

/** How the whole table stands. */
export interface TableSummary {
  services: number;
  servers: number;
  /** services that have no server, or one that takes no new connections */
  attention: number;
  /** slot −1 */
  values: RowValues;
  counters: Counters;
}

/** Part of the list that was asked for. */
export interface ListWindow {
  from: number;
  /** rows of the whole flattened list, and how many services matched of how many */
  totalRows: number;
  matchedServices: number;
  matchedServers: number;
  slots: number[];
}

/** One message of a tab's stream. Parts that did not change are left out. */
export interface LiveEvent {
  /** forget every row: what follows is told from the start, and slots may be numbered anew */
  fresh?: boolean;
  state?: LiveState;
  /** the sample that the values are of: when it was taken (wall clock), how old it was when sent, how far apart samples are */
  sample?: { atMs: number; ageMs: number; cadenceMs: number };
  summary?: TableSummary;
  window?: ListWindow;
  rows?: DescribedRow[];
  values?: RowValues[];
  /** with view.counters: slot and the five counters as decimal strings, in the order of counterNames */
  counters?: [number, ...string[]][];
  /** followed rows that are not in the table (any more) */
  missing?: string[];
  /** the last event: the session is over, and why */
  ended?: SessionEnd;
}

export const historyQuerySchema = z.object({
  /** row ids; "" is the whole table */
  ids: z.array(z.string().max(longestRowId)).min(1).max(maxFollowedRows),
  windowS: z.number().int().min(10).max(900),
});
export type HistoryQuery = z.infer<typeof historyQuerySchema>;

/**
 * The past of some rows, oldest first. Points are as far apart as the samples were: `cadenceMs[i]` says
 * how far the sample before should lie, so that a slow cadence is not taken for a gap.
 */
export interface RowHistory {
  id: string;
  atMs: number[];
  cadenceMs: number[];
  /** one array a metric, in the order of RowValues without the slot; null is a gap */
  values: (number | null)[][];
}
