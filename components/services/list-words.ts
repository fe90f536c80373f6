import type { useTranslations } from "next-intl";
import type { ListQuery, SortColumn } from "#domain/live";

/** The same words as domain/live.ts checks with; its schemas would bring a validator into the page. */
export const listFilters = {
  state: ["up", "attention", "draining"],
  protocol: ["tcp", "udp", "sctp", "fwmark"],
  family: ["4", "6"],
  forward: ["nat", "direct", "tunnel", "other"],
} as const satisfies { [Filter in "state" | "protocol" | "family" | "forward"]: readonly ListQuery[Filter][number][] };
export type FilterName = keyof typeof listFilters;
export const filterNames = ["state", "protocol", "family", "forward"] as const satisfies readonly FilterName[];

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
] as const satisfies readonly SortColumn[];

/** As the server's schema has them. */
export const longestSearch = 200;
export const maxOpen = 1000;
export const maxWindowRows = 200;

/** The translator of the list, handed down: made anew in every cell it would cost more than the cell. */
export type ListWords = ReturnType<typeof useTranslations<"list">>;
