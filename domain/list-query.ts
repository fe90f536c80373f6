import type { ListQuery, View } from "./live.ts";

/**
 * What may be asked of the list, as plain values. domain/live.ts checks with them; pages import them from here,
 * because a schema would bring its validator into the page.
 */

export const sortColumns = [
  "name",
  "scheduler",
  "weight",
  "active",
  "inactive",
  "persistent",
  "connectionsPerSecond",
  "inPacketsPerSecond",
  "outPacketsPerSecond",
  "inBytesPerSecond",
  "outBytesPerSecond",
] as const;
export type SortColumn = (typeof sortColumns)[number];

export const listFilters = {
  state: ["up", "attention", "draining"],
  protocol: ["tcp", "udp", "sctp", "fwmark"],
  family: ["4", "6"],
  forward: ["nat", "direct", "tunnel", "other"],
} as const;

/** A window of at most this many rows: the screen and what is kept ready around it. */
export const maxWindowRows = 200;
/** Services named as unfolded, or as folded while all others are unfolded. */
export const maxFolds = 1000;
/** Characters of a search. */
export const longestSearch = 200;
/** Characters of a service's id. */
export const longestServiceId = 100;

/** All services, folded, in order of names, from the first on. */
export const wholeList: ListQuery = {
  search: "",
  protocol: [],
  family: [],
  forward: [],
  state: [],
  service: null,
  sort: "name",
  descending: false,
  open: [],
  closed: [],
  from: 0,
  to: maxWindowRows,
};

/** Which services have their servers unfolded under them, by serviceId. */
export function unfolded({ open, closed }: Pick<ListQuery, "open" | "closed">): (serviceId: string) => boolean {
  const named = new Set(open === "all" ? closed : open);
  return open === "all" ? (id) => !named.has(id) : (id) => named.has(id);
}

export const maxFollowedRows = 300;
/** Characters of a row's id. */
export const longestRowId = 200;

/** Nothing on screen. */
export const emptyView: View = { list: null, follow: [], counters: false, totals: false };
