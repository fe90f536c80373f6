"use client";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { useLive } from "#components/live/live-provider";
import type { DescribedRow, ListQuery, ListWindow, RowValues, TableSummary } from "#domain/live";
import type { LiveStatus, Sample } from "./live-store.ts";
import type { ViewPart } from "./view-board.ts";

/** Says what this part of the page shows, while it is mounted. `part` may be made anew at each render. */
export function useShown(part: ViewPart): void {
  const { board } = useLive();
  const [key] = useState(() => Symbol("shown"));
  const text = JSON.stringify(part);
  useEffect(() => board.put(key, JSON.parse(text)), [board, key, text]);
  useEffect(() => () => board.remove(key), [board, key]);
}

/** The part of the list that was asked for, as soon as it is known; meanwhile the one before. */
export function useListWindow(query: ListQuery, counters = false): ListWindow | null {
  const { store } = useLive();
  useShown({ list: query, counters });
  useLayoutEffect(() => () => store.dropWindow(), [store]);
  return useSyncExternalStore(
    useCallback((listener) => store.on("window", listener), [store]),
    store.window,
    nothing,
  );
}

/** What a row is: renders again when it is edited, not when its values move. */
export function useDescribed(slot: number): DescribedRow | null {
  const { store } = useLive();
  const subscribe = useCallback((listener: () => void) => store.onRow(slot, listener), [store, slot]);
  return useSyncExternalStore(subscribe, () => store.row(slot), nothing);
}

/** A row's values: renders again whenever one of them moves. */
export function useValues(slot: number): RowValues | null {
  const { store } = useLive();
  const subscribe = useCallback((listener: () => void) => store.onRow(slot, listener), [store, slot]);
  return useSyncExternalStore(subscribe, () => store.values(slot), nothing);
}

/** What a row is and how it stands. */
export function useRow(slot: number): { described: DescribedRow | null; values: RowValues | null } {
  const described = useDescribed(slot);
  const values = useValues(slot);
  return useMemo(() => ({ described, values }), [described, values]);
}

/** How the whole table stands, moving with every sample; null before the first. */
export function useSummary(): TableSummary | null {
  useShown({ totals: true });
  return useLastSummary();
}

/** How many rows the table has, and how many services need attention; null before the first sample. */
export function useTableSize(): Pick<TableSummary, "services" | "servers" | "attention"> | null {
  return useLastSummary();
}

function useLastSummary(): TableSummary | null {
  const { store } = useLive();
  return useSyncExternalStore(
    useCallback((listener) => store.on("summary", listener), [store]),
    store.summary,
    nothing,
  );
}

export type LiveStateNow = LiveStatus & {
  /** the table may be changed: what is on screen is how it is now */
  editable: boolean;
};

/** Is what is shown alive? Renders on changes only; for the age of stale numbers see useAge(). */
export function useLiveState(): LiveStateNow {
  const { store } = useLive();
  const status = useSyncExternalStore(
    useCallback((listener) => store.on("status", listener), [store]),
    store.status,
    connecting,
  );
  return useMemo(() => ({ ...status, editable: status.kind === "live" }), [status]);
}

/** The newest sample: renders with each. */
export function useSample(): Sample | null {
  const { store } = useLive();
  return useSyncExternalStore(
    useCallback((listener) => store.on("sample", listener), [store]),
    store.sample,
    nothing,
  );
}

/** Calls `listener` after each sample was taken in, without rendering: for charts. */
export function useOnSample(listener: (sample: Sample) => void): void {
  const { store } = useLive();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(
    () =>
      store.on("sample", () => {
        const sample = store.sample();
        if (sample) latest.current(sample);
      }),
    [store],
  );
}

/** A row followed by its id, wherever it stands. Null until it was told about; `missing`: it is not in the table. */
export interface FollowedRow {
  id: string;
  slot: number | null;
  described: DescribedRow | null;
  values: RowValues | null;
  missing: boolean;
}

/** Rows followed by name, in the order of `ids` (at most 300 in a tab): renders when one of them moves. */
export function useFollowed(ids: readonly string[]): FollowedRow[] {
  const { store } = useLive();
  useShown({ follow: ids });
  const text = ids.join(" ");
  const cache = useRef<FollowedRow[]>([]);

  const subscribe = useCallback(
    (listener: () => void) => {
      const wanted = text === "" ? [] : text.split(" ");
      let rows: (() => void)[] = [];
      const listen = () => {
        for (const end of rows) end();
        rows = wanted.flatMap((id) => {
          const slot = store.slotOf(id);
          return slot === null ? [] : [store.onRow(slot, listener)];
        });
      };
      listen();
      const ends = [
        store.on("described", () => {
          listen();
          listener();
        }),
        store.on("missing", listener),
      ];
      return () => {
        for (const end of [...rows, ...ends]) end();
      };
    },
    [store, text],
  );

  const snapshot = () => {
    const missing = store.missing();
    const now = ids.map((id): FollowedRow => {
      const slot = store.slotOf(id);
      const described = slot === null ? null : store.row(slot);
      return { id, slot, described, values: slot === null ? null : store.values(slot), missing: missing.has(id) };
    });
    if (!sameRows(cache.current, now)) cache.current = now;
    return cache.current;
  };
  return useSyncExternalStore(subscribe, snapshot, noRows);
}

/** Are numbers held still? */
export function usePaused(): [paused: boolean, setPaused: (paused: boolean) => void] {
  const { store } = useLive();
  const paused = useSyncExternalStore(
    useCallback((listener) => store.on("paused", listener), [store]),
    store.paused,
    () => false,
  );
  return [paused, useCallback((value) => store.setPaused(value), [store])];
}

/** performance.now(), anew every second while `ticking`; null until mounted. */
export function useNow(ticking: boolean): number | null {
  const [now, setNow] = useState<number | null>(null);
  useEffect(() => {
    if (!ticking) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}

/** How old what is shown is, in ms; counted on while `ticking`. Null without any sample. */
export function useAge(ticking: boolean): number | null {
  const { store } = useLive();
  const now = useNow(ticking);
  const sample = store.sample();
  return sample && now !== null ? Math.max(0, now - sample.takenAt) : null;
}

const connectingState: LiveStatus = { kind: "connecting" };
const connecting = () => connectingState;
const nothing = () => null;
const emptyRows: FollowedRow[] = [];
const noRows = () => emptyRows;

function sameRows(before: readonly FollowedRow[], after: readonly FollowedRow[]): boolean {
  return (
    before.length === after.length &&
    after.every((row, i) => {
      const other = before[i];
      return (
        other?.id === row.id &&
        other.slot === row.slot &&
        other.described === row.described &&
        other.values === row.values &&
        other.missing === row.missing
      );
    })
  );
}
