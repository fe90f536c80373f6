"use client";
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import {
  listFilters,
  longestSearch,
  longestServiceId,
  maxFolds,
  type SortColumn,
  sortColumns,
} from "#domain/list-query";
import type { ListQuery } from "#domain/live";
import { type ColumnId, columnIds, defaultColumns } from "./columns.ts";
import type { FilterName } from "./list-words.ts";

/** Links stay short enough for any server and chat: more unfolded services than this are forgotten on reload. */
const parsers = {
  q: parseAsString.withDefault(""),
  state: parseAsArrayOf(parseAsStringLiteral(listFilters.state)).withDefault([]),
  protocol: parseAsArrayOf(parseAsStringLiteral(listFilters.protocol)).withDefault([]),
  family: parseAsArrayOf(parseAsStringLiteral(listFilters.family)).withDefault([]),
  forward: parseAsArrayOf(parseAsStringLiteral(listFilters.forward)).withDefault([]),
  sort: parseAsStringLiteral(sortColumns).withDefault("name"),
  desc: parseAsBoolean.withDefault(false),
  open: parseAsArrayOf(parseAsString).withDefault([]),
  closed: parseAsArrayOf(parseAsString).withDefault([]),
  cols: parseAsArrayOf(parseAsStringLiteral(columnIds)),
};

const ids = (named: readonly string[]) => named.slice(0, maxFolds).map((id) => id.slice(0, longestServiceId));

/** What is asked of the list, without the window. */
export type ListSettings = Omit<ListQuery, "from" | "to" | "service">;

export interface ListState {
  settings: ListSettings;
  columns: readonly ColumnId[];
  /** something hides services */
  filtered: boolean;
  setSearch: (search: string) => void;
  setFilter: (name: FilterName, values: readonly string[]) => void;
  clearFilters: () => void;
  /** sorts by a column; once more turns it round */
  sortBy: (column: SortColumn) => void;
  /** unfolds one service, or folds it: the others stay as they are */
  fold: (serviceId: string, open: boolean) => void;
  foldAll: (open: boolean) => void;
  setColumns: (columns: readonly ColumnId[]) => void;
}

/** The list's settings as the URL has them: a link shows what its sender saw. */
export function useListState(): ListState {
  const [url, setUrl] = useQueryStates(parsers, { history: "replace", shallow: true });

  const settings = useMemo<ListSettings>(
    () => ({
      search: url.q.slice(0, longestSearch),
      state: url.state,
      protocol: url.protocol,
      family: url.family,
      forward: url.forward,
      sort: url.sort,
      descending: url.desc,
      open: url.open[0] === "all" ? "all" : ids(url.open),
      closed: url.open[0] === "all" ? ids(url.closed) : [],
    }),
    [url],
  );
  const columns = useMemo(() => url.cols ?? defaultColumns, [url.cols]);

  const sortBy = useCallback(
    (column: SortColumn) => {
      // Numbers are looked at from the top, names from A.
      const firstDescending = column !== "name" && column !== "scheduler";
      setUrl((now) => ({ sort: column, desc: now.sort === column ? !now.desc : firstDescending }));
    },
    [setUrl],
  );

  return {
    settings,
    columns,
    filtered:
      settings.search.trim() !== "" ||
      [settings.state, settings.protocol, settings.family, settings.forward].some((values) => values.length > 0),
    setSearch: useCallback((q) => void setUrl({ q: q === "" ? null : q.slice(0, longestSearch) }), [setUrl]),
    setFilter: useCallback(
      (name, values) => {
        const known = listFilters[name].filter((value) => values.includes(value));
        void setUrl({ [name]: known.length > 0 ? known : null });
      },
      [setUrl],
    ),
    clearFilters: useCallback(
      () => void setUrl({ q: null, state: null, protocol: null, family: null, forward: null }),
      [setUrl],
    ),
    sortBy,
    fold: useCallback(
      (id, open) =>
        void setUrl((now) => {
          const all = now.open[0] === "all";
          const named = (all ? now.closed : now.open).filter((other) => other !== id);
          if (open !== all) named.push(id);
          return { [all ? "closed" : "open"]: named.length > 0 ? named : null };
        }),
      [setUrl],
    ),
    foldAll: useCallback((open) => void setUrl({ open: open ? ["all"] : null, closed: null }), [setUrl]),
    setColumns: useCallback(
      (shown) => {
        const ordered = columnIds.filter((id) => shown.includes(id));
        const same = ordered.length === defaultColumns.length && ordered.every((id, i) => id === defaultColumns[i]);
        void setUrl({ cols: same ? null : ordered });
      },
      [setUrl],
    ),
  };
}
