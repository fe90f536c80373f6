"use client";

import { parseAsNumberLiteral, useQueryState } from "nuqs";
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from "react";
import { historyWindowsS } from "#domain/live";
import type { ChartFeed, ChartMoment } from "./chart-feed.ts";

export interface ChartGroupState {
  /** what is drawn: the present, or the moment that is held */
  moment: ChartMoment;
  windowS: (typeof historyWindowsS)[number];
  setWindowS: (windowS: (typeof historyWindowsS)[number]) => void;
  paused: boolean;
  setPaused: (paused: boolean) => void;
  /** someone points at a chart: all stand still, so that a value can be read */
  hovered: boolean;
  setHovered: (hovered: boolean) => void;
  syncKey: string;
}

const Context = createContext<ChartGroupState | null>(null);

/** Charts that share one timeline, one window of time (in the address of the page), one cursor and one pause. */
export function ChartGroup({ feed, syncKey, children }: { feed: ChartFeed; syncKey: string; children: ReactNode }) {
  const present = useSyncExternalStore(feed.subscribe, feed.moment, feed.moment);
  const [held, setHeld] = useState<ChartMoment | null>(null);
  const [paused, pause] = useState(false);
  const [hovered, hover] = useState(false);
  const [windowS, setWindow] = useQueryState("window", parseAsNumberLiteral(historyWindowsS).withDefault(300));

  useEffect(() => {
    const timer = setInterval(() => feed.tick(), 1000);
    return () => clearInterval(timer);
  }, [feed]);

  const hold = useCallback((stand: boolean) => setHeld((moment) => (stand ? (moment ?? feed.moment()) : null)), [feed]);
  const setPaused = useCallback(
    (next: boolean) => {
      pause(next);
      hold(next || hovered);
    },
    [hold, hovered],
  );
  const setHovered = useCallback(
    (next: boolean) => {
      hover(next);
      hold(next || paused);
    },
    [hold, paused],
  );
  const setWindowS = useCallback((next: (typeof historyWindowsS)[number]) => void setWindow(next), [setWindow]);
  const moment = held ?? present;
  const state = useMemo(
    () => ({ moment, windowS, setWindowS, paused, setPaused, hovered, setHovered, syncKey }),
    [moment, windowS, setWindowS, paused, setPaused, hovered, setHovered, syncKey],
  );
  return <Context value={state}>{children}</Context>;
}

export function useChartGroup(): ChartGroupState {
  const state = useContext(Context);
  if (!state) throw new Error("a chart stands outside of a ChartGroup");
  return state;
}
