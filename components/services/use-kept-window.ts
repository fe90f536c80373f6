import { useCallback, useState } from "react";
import { maxWindowRows } from "#domain/list-query";

/** Before anything was measured: a tall screen full. */
const firstTo = 40;
/** The window moves in steps, so that a few rows scrolled are no new question. */
const step = 5;

/** The part of the list to ask the server for: what is in sight, in whole steps. */
export function useKeptWindow(): { from: number; to: number; keep: (from: number, to: number) => void } {
  const [range, setRange] = useState({ from: 0, to: firstTo });
  const keep = useCallback((from: number, to: number) => {
    if (to <= from) return;
    const start = Math.floor(from / step) * step;
    const end = Math.min(Math.ceil(Math.max(to, start + step) / step) * step, start + maxWindowRows);
    setRange((now) => (now.from === start && now.to === end ? now : { from: start, to: end }));
  }, []);
  return { ...range, keep };
}
