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
import { usePaused } from "../live/use-live.ts";
import type { ChartFeed, ChartMoment } from "./chart-feed.ts";
import { type ChartWindowS, chartWindowsS } from "./windows.ts";

export interface ChartGroupState {
  /** what is drawn: the present, or the moment that is held */
  moment: ChartMoment;
  windowS: ChartWindowS;
  setWindowS: (windowS: ChartWindowS) => void;
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
  const [paused, setPaused] = usePaused();
  const [hovered, setHovered] = useState(false);
  const [windowS, setWindow] = useQueryState("window", parseAsNumberLiteral(chartWindowsS).withDefault(300));

  useEffect(() => {
    const timer = setInterval(() => feed.tick(), 1000);
    return () => clearInterval(timer);
  }, [feed]);

  const still = paused || hovered;
  useEffect(() => setHeld(still ? feed.moment() : null), [still, feed]);

  const setWindowS = useCallback((next: ChartWindowS) => void setWindow(next), [setWindow]);
  const moment = held ?? present;
  const state = useMemo(
    () => ({ moment, windowS, setWindowS, paused, setPaused, hovered, setHovered, syncKey }),
    [moment, windowS, setWindowS, paused, setPaused, hovered, syncKey],
  );
  return <Context value={state}>{children}</Context>;
}

export function useChartGroup(): ChartGroupState {
  const state = useContext(Context);
  if (!state) throw new Error("a chart stands outside of a ChartGroup");
  return state;
}
