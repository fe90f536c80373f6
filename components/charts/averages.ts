import type { Sampled } from "./timeline.ts";

export interface AverageRow {
  fromMs: number;
  /** by column; null where there was no sample in that time */
  values: (number | null)[];
}

/** How far apart the rows of a table of this window are: 10 to 15 rows, whatever the window. */
export function averageStepS(windowS: number): number {
  if (windowS <= 60) return 5;
  return windowS <= 300 ? 30 : 60;
}

/** Averages over whole steps of the clock that touch the window, newest first. */
export function averages(
  times: readonly number[],
  columns: readonly (readonly Sampled[])[],
  fromMs: number,
  toMs: number,
  stepS: number,
): AverageRow[] {
  const stepMs = stepS * 1000;
  const rows = new Map<number, { sums: number[]; counts: number[] }>();
  times.forEach((atMs, index) => {
    if (atMs < fromMs || atMs > toMs) return;
    const bucket = Math.floor(atMs / stepMs) * stepMs;
    const row = rows.get(bucket) ?? { sums: columns.map(() => 0), counts: columns.map(() => 0) };
    columns.forEach((column, at) => {
      const value = column[index];
      if (typeof value !== "number") return;
      row.sums[at] = (row.sums[at] ?? 0) + value;
      row.counts[at] = (row.counts[at] ?? 0) + 1;
    });
    rows.set(bucket, row);
  });
  return [...rows]
    .sort(([a], [b]) => b - a)
    .map(([bucket, { sums, counts }]) => ({
      fromMs: bucket,
      values: sums.map((sum, at) => ((counts[at] ?? 0) > 0 ? sum / (counts[at] ?? 1) : null)),
    }));
}

/** The value at an index, or the row's last own value before it; null in a gap. */
export function valueAt(column: readonly Sampled[], index: number): number | null {
  for (let at = Math.min(index, column.length - 1); at >= 0; at--) {
    const value = column[at];
    if (value !== undefined) return value;
  }
  return null;
}
