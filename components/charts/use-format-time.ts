import { useLocale } from "next-intl";
import { useMemo } from "react";

/** "14:05:30" in the viewer's time zone, in 24 hours as logs have it. */
export function useFormatTime(): (atMs: number) => string {
  const locale = useLocale();
  return useMemo(() => {
    const format = new Intl.DateTimeFormat(locale, {
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    });
    return (atMs) => format.format(atMs);
  }, [locale]);
}
