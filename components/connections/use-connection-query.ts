"use client";
import {
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useCallback, useMemo } from "react";
import type { ConnectionQueryInput } from "#domain/connection";
import {
  type ConnectionGrouping,
  type ConnectionKind,
  type ConnectionSort,
  connectionGroupings,
  connectionKinds,
  connectionOrigins,
  connectionProtocols,
  connectionSorts,
  maxHeldConnections,
} from "#domain/connection-query";
import { parseEndpointPattern } from "#domain/endpoint-pattern";

export const rowsOnPage = 100;
export const groupsOnPage = 50;
export const patternNames = ["any", "client", "virtual", "server"] as const;
export type PatternName = (typeof patternNames)[number];
export const originChoices = ["any", ...connectionOrigins] as const;
export const longestPattern = 100;
const mostStates = 32;

const parsers = {
  any: parseAsString.withDefault(""),
  client: parseAsString.withDefault(""),
  virtual: parseAsString.withDefault(""),
  server: parseAsString.withDefault(""),
  kind: parseAsStringLiteral(connectionKinds).withDefault("connections"),
  protocol: parseAsArrayOf(parseAsStringLiteral(connectionProtocols)).withDefault([]),
  state: parseAsArrayOf(parseAsString).withDefault([]),
  origin: parseAsStringLiteral(originChoices),
  group: parseAsStringLiteral(connectionGroupings),
  sort: parseAsStringLiteral(connectionSorts),
  desc: parseAsBoolean.withDefault(false),
  page: parseAsInteger.withDefault(1),
  groups: parseAsInteger.withDefault(1),
  names: parseAsBoolean.withDefault(false),
};

type Filter = ConnectionQueryInput["filter"];

/** A look at the table, as it is asked for, without what says which read it goes to. */
export type ConnectionLook = Pick<ConnectionQueryInput, "filter"> &
  Required<
    Pick<ConnectionQueryInput, "group" | "sort" | "descending" | "offset" | "limit" | "groupOffset" | "groupLimit">
  >;

/** Parts of the filter, as the URL writes them. Null: whatever it is. */
export interface FilterParts {
  any?: string | null;
  client?: string | null;
  virtual?: string | null;
  server?: string | null;
  protocol?: (typeof connectionProtocols)[number][] | null;
  state?: string[] | null;
  origin?: (typeof originChoices)[number] | null;
}

export interface ConnectionQueryState {
  /** what is asked for; null while a pattern cannot be understood: nothing is read then */
  look: ConnectionLook | null;
  kind: ConnectionKind;
  /** as they are written, understood or not */
  patterns: Record<PatternName, string>;
  misread: readonly PatternName[];
  protocol: readonly (typeof connectionProtocols)[number][];
  state: readonly string[];
  origin: (typeof originChoices)[number] | null;
  group: ConnectionGrouping | null;
  sort: ConnectionSort | null;
  descending: boolean;
  names: boolean;
  /** something besides the kind leaves rows out */
  filtered: boolean;
  setKind: (kind: ConnectionKind) => void;
  /** `step`: Back takes it away again */
  setFilter: (parts: FilterParts, step?: boolean) => void;
  clearFilters: () => void;
  groupBy: (group: ConnectionGrouping | null) => void;
  /** upwards, downwards, then as the kernel lists them */
  sortBy: (column: ConnectionSort) => void;
  /** from 1 */
  goToPage: (page: number) => void;
  goToGroups: (page: number) => void;
  setNames: (on: boolean) => void;
}

/** What is looked for in the table of connections, as the URL has it: a link shows what its sender looked for. */
export function useConnectionQuery(): ConnectionQueryState {
  const [url, setUrl] = useQueryStates(parsers, { history: "replace", shallow: true });
  const { any, client, virtual, server, kind, protocol, origin, group, sort, desc } = url;
  const misread = useMemo(() => patternNames.filter((name) => url[name].trim() !== "" && !isPattern(url[name])), [url]);
  const state = useMemo(() => url.state.filter((name) => /^[A-Z0-9!_-]{1,16}$/.test(name)).slice(0, mostStates), [url]);
  const offset = firstOf(url.page, rowsOnPage);
  const groupOffset = firstOf(url.groups, groupsOnPage);

  const look = useMemo<ConnectionLook | null>(() => {
    if (misread.length > 0) return null;
    const filter: Filter = { kind, protocol: [...protocol], state };
    for (const [name, text] of Object.entries({ any, client, virtual, server })) {
      const pattern = parseEndpointPattern(text);
      if (pattern) filter[name as PatternName] = pattern.text;
    }
    if (origin) filter.origin = origin;
    return {
      filter,
      ...{ group, sort, descending: desc, offset, limit: rowsOnPage, groupOffset },
      groupLimit: group === null ? 0 : groupsOnPage,
    };
  }, [misread, kind, protocol, state, any, client, virtual, server, origin, group, sort, desc, offset, groupOffset]);

  return {
    ...{ look, kind, misread, protocol, state, origin, group, sort, descending: desc, names: url.names },
    patterns: useMemo(() => ({ any, client, virtual, server }), [any, client, virtual, server]),
    filtered:
      patternNames.some((name) => url[name].trim() !== "") ||
      protocol.length > 0 ||
      state.length > 0 ||
      (origin !== null && origin !== "any"),
    // Templates have states of their own, and no connection holds another.
    setKind: (next) => void setUrl({ kind: next, state: null, ...firstPages }),
    setFilter: useCallback(
      (parts, step = false) =>
        void setUrl({ ...emptyAsNull(parts), ...firstPages }, { history: step ? "push" : "replace" }),
      [setUrl],
    ),
    clearFilters: () => void setUrl({ ...noFilter, origin: origin === null ? null : "any", ...firstPages }),
    groupBy: (next) => void setUrl({ group: next, groups: null }),
    sortBy: (column) =>
      void setUrl((now) => {
        if (now.sort !== column) return { sort: column, desc: null, page: null };
        return now.desc ? { sort: null, desc: null, page: null } : { desc: true, page: null };
      }),
    goToPage: (page) => void setUrl({ page: page === 1 ? null : page }),
    goToGroups: (page) => void setUrl({ groups: page === 1 ? null : page }),
    setNames: (on) => void setUrl({ names: on || null }),
  };
}

const firstPages = { page: null, groups: null };
const noFilter = { any: null, client: null, virtual: null, server: null, protocol: null, state: null };

/** Whether a text says which addresses or ports are meant. */
export function isPattern(text: string): boolean {
  return text.length <= longestPattern && parseEndpointPattern(text) !== null;
}

function firstOf(page: number, size: number): number {
  return Math.min(Math.max(0, page - 1), Math.floor((maxHeldConnections - 1) / size)) * size;
}

function emptyAsNull(parts: FilterParts): FilterParts {
  return Object.fromEntries(Object.entries(parts).map(([name, value]) => [name, value?.length ? value : null]));
}
