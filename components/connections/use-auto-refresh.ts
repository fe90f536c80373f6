"use client";
import { useEffect, useRef } from "react";
import { refreshAfterMs } from "./refresh-time.ts";

export interface AutoRefresh {
  /** null: never */
  everyS: number | null;
  /** of the last read; null while there is none to follow: one is under way, or waits for somebody's decision */
  tookMs: number | null;
  /** changes with every read */
  readId: string | null;
  refresh: () => void;
}

/** Reads anew from time to time while somebody looks: not in a tab that is hidden, and then at once when it is seen again. */
export function useAutoRefresh({ everyS, tookMs, readId, refresh }: AutoRefresh): void {
  const latest = useRef(refresh);
  useEffect(() => {
    latest.current = refresh;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies(readId): the time is counted anew from each read
  useEffect(() => {
    if (everyS === null || tookMs === null) return;
    const dueMs = performance.now() + refreshAfterMs(everyS, tookMs);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const arrange = () => {
      clearTimeout(timer);
      if (!document.hidden) timer = setTimeout(() => latest.current(), Math.max(0, dueMs - performance.now()));
    };
    arrange();
    document.addEventListener("visibilitychange", arrange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", arrange);
    };
  }, [everyS, tookMs, readId]);
}
