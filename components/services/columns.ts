import { columnVisibilityFeature, createColumnHelper, metaHelper, tableFeatures } from "@tanstack/react-table";
import type { SortColumn } from "#domain/list-query";
import type { Quantity } from "#domain/units";

/** A number that is written into its cell as samples come: which of the row's values, and how it is scaled. */
export type LiveValue =
  | { from: "values"; index: number; quantity: Quantity }
  | { from: "counters"; index: number; quantity: "count" | "bytes" }
  | { from: "share" };

export interface ColumnMeta {
  /** of its grid track */
  width: string;
  numeric?: boolean;
  sort?: SortColumn;
  live?: LiveValue;
  /** left out until someone asks for it */
  extra?: boolean;
}

export const features = tableFeatures({ columnVisibilityFeature, columnMeta: metaHelper<ColumnMeta>() });

/** The server searches, sorts and cuts; the table here knows columns only. */
export interface NoRow {
  slot: number;
}

const value = (index: number, quantity: Quantity): LiveValue => ({ from: "values", index, quantity });
const counter = (index: number, quantity: "count" | "bytes"): LiveValue => ({ from: "counters", index, quantity });

const rate = { numeric: true, width: "80px" } as const;
const traffic = { numeric: true, width: "96px" } as const;
const total = { numeric: true, width: "120px", extra: true } as const;

const metas = {
  name: { width: "minmax(min(236px, 57vw), 1fr)", sort: "name" },
  state: { width: "124px" },
  method: { width: "104px", sort: "scheduler" },
  weight: { width: "84px", numeric: true, sort: "weight" },
  active: { width: "76px", numeric: true, sort: "active", live: value(6, "connections") },
  inactive: { width: "76px", numeric: true, sort: "inactive", live: value(7, "connections") },
  persistent: { width: "84px", numeric: true, sort: "persistent", live: value(8, "connections"), extra: true },
  connectionsPerSecond: { ...rate, sort: "connectionsPerSecond", live: value(1, "connectionsPerSecond") },
  inPacketsPerSecond: { ...rate, sort: "inPacketsPerSecond", live: value(2, "packetsPerSecond") },
  outPacketsPerSecond: { ...rate, sort: "outPacketsPerSecond", live: value(3, "packetsPerSecond") },
  inBytesPerSecond: { ...traffic, sort: "inBytesPerSecond", live: value(4, "traffic") },
  outBytesPerSecond: { ...traffic, sort: "outBytesPerSecond", live: value(5, "traffic") },
  share: { width: "64px", numeric: true, live: { from: "share" } },
  minute: { width: "112px" },
  thresholds: { width: "120px", numeric: true, extra: true },
  options: { width: "180px", extra: true },
  connections: { ...total, live: counter(0, "count") },
  inPackets: { ...total, live: counter(1, "count") },
  outPackets: { ...total, live: counter(2, "count") },
  inBytes: { ...total, live: counter(3, "bytes") },
  outBytes: { ...total, live: counter(4, "bytes") },
  actions: { width: "44px" },
} as const satisfies Record<string, ColumnMeta>;

export type ColumnId = keyof typeof metas;
export const columnIds = Object.keys(metas) as ColumnId[];

/** Always there: what a row is called, and what can be done with it. */
const fixed: readonly ColumnId[] = ["name", "actions"];
export const optionalColumns = columnIds.filter((id) => !fixed.includes(id));
export const defaultColumns = optionalColumns.filter((id) => !metaOf(id).extra);

export function metaOf(id: ColumnId): ColumnMeta {
  return metas[id];
}

const helper = createColumnHelper<typeof features, NoRow>();
export const columns = columnIds.map((id) =>
  helper.display({ id, meta: metas[id], enableHiding: !fixed.includes(id) }),
);

/** Counters travel only when a column shows them. */
export function needsCounters(shown: readonly ColumnId[]): boolean {
  return shown.some((id) => metaOf(id).live?.from === "counters");
}

/** Which value sparklines draw: the one that the list is sorted by, else new connections. */
export function drawnMetric(sort: SortColumn): Extract<LiveValue, { from: "values" }> & { column: ColumnId } {
  const column = columnIds.find((id) => metaOf(id).sort === sort && metaOf(id).live?.from === "values");
  const live = column && metaOf(column).live;
  return column && live?.from === "values"
    ? { ...live, column }
    : { from: "values", index: 1, quantity: "connectionsPerSecond", column: "connectionsPerSecond" };
}
