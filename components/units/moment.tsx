"use client";
import { useLocale } from "next-intl";
import { useMemo, useSyncExternalStore } from "react";

/** A moment in words, in the viewer's time zone: "Nov 21, 2026, 15:04", to the second where that matters. */
export function useMomentText(seconds = false): (atMs: number) => string {
  const locale = useLocale();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, {
      dateStyle: "medium",
      timeStyle: seconds ? "medium" : "short",
      hourCycle: "h23",
    });
    return (atMs) => format.format(atMs);
  }, [locale, seconds]);
}

const never = () => () => {};

/** Whether the page runs in its browser already: what is written before does not know the viewer's time zone. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** A moment for people and for programs. */
export function Moment({ atMs, seconds = false }: { atMs: number; seconds?: boolean }) {
  const text = useMomentText(seconds);
  const inBrowser = useInBrowser();
  return (
    <time dateTime={new Date(atMs).toISOString()} className="tabular-nums">
      {inBrowser ? text(atMs) : ""}
    </time>
  );
}
