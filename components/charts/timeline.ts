import type { RowHistory } from "#domain/live";

/** What one point of a row holds, in the order of RowValues without the slot. */
export const metrics = [
  "connectionsPerSecond",
  "inPacketsPerSecond",
  "outPacketsPerSecond",
  "inBytesPerSecond",
  "outBytesPerSecond",
  "active",
  "inactive",
  "persistent",
] as const;
export type Metric = (typeof metrics)[number];

/** A value, null where there is a gap, undefined where this row has no sample of its own at that time. */
export type Sampled = number | null | undefined;

export interface TimelineView {
  /** milliseconds, ascending */
  times: readonly number[];
  /** One metric of one row, aligned with `times`; a row that was never seen has none. */
  column: (id: string, metric: Metric) => readonly Sampled[];
}

type Sampling = Pick<Point, "atMs" | "cadenceMs">;

interface Point {
  atMs: number;
  cadenceMs: number;
  values: readonly (number | null)[];
}

/**
 * The whole table has a point for every sample the director took. Of a row it keeps few while nobody looks at it: where
 * the table has points, that is no gap.
 */
export const wholeTable = "";

/** A sample may be this many times its cadence late before the line is interrupted. */
const lateFactor = 2.5;
/** Points past their time are dropped this often, in samples. */
const trimEvery = 60;

/**
 * The recent past of some rows on one common time axis: first what the director remembers, then every live
 * sample. Where a sample is missing, the line is interrupted and not drawn across. Times are the director's
 * wall clock; when that is set back, the past is given up, since it cannot be told from the present.
 */
export class Timeline {
  #times: number[] = [];
  readonly #keepMs: number;
  readonly #points = new Map<string, Point[]>();
  #columns = new Map<string, Sampled[][]>();
  #sinceAlign = 0;

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  get lastAtMs(): number | null {
    return this.#times.at(-1) ?? null;
  }

  /** What is there now. Later samples are appended to the same arrays, nothing in them is changed or removed. */
  get view(): TimelineView {
    const columns = this.#columns;
    return { times: this.#times, column: (id, metric) => columns.get(id)?.[metrics.indexOf(metric)] ?? [] };
  }

  /** Rows that are followed from now on; others are forgotten. */
  keep(ids: readonly string[]): void {
    for (const id of this.#points.keys()) if (!ids.includes(id)) this.#points.delete(id);
    this.#align();
  }

  /** Takes in what the director remembers. Live samples that are already here stay where it knows none. */
  load(histories: readonly RowHistory[]): void {
    for (const { id, atMs, cadenceMs, values } of histories) {
      const merged = new Map((this.#points.get(id) ?? []).map((point) => [point.atMs, point]));
      atMs.forEach((at, i) => {
        merged.set(at, { atMs: at, cadenceMs: cadenceMs[i] ?? 0, values: values.map((metric) => metric[i] ?? null) });
      });
      this.#points.set(
        id,
        [...merged.values()].sort((a, b) => a.atMs - b.atMs),
      );
    }
    this.#align();
  }

  /** Takes in one live sample; a row without values (it was removed) gets a gap. A sample that is already here changes nothing. */
  append(atMs: number, cadenceMs: number, rows: ReadonlyMap<string, readonly (number | null)[] | null>): void {
    const last = this.lastAtMs;
    if (last !== null && atMs < last - cadenceMs) {
      this.#points.clear();
      this.#align();
    } else if (last !== null && atMs <= last) return;
    const gap: readonly null[] = metrics.map(() => null);
    for (const [id, values] of rows) {
      const points = this.#points.get(id) ?? [];
      points.push({ atMs, cadenceMs, values: values ?? gap });
      this.#points.set(id, points);
    }
    const late =
      last !== null &&
      [...rows.keys()].some((id) => this.#isGap(id, this.#points.get(id)?.at(-2), { atMs, cadenceMs }));
    const isNewRow = [...rows.keys()].some((id) => !this.#columns.has(id));
    if (isNewRow || late || this.#sinceAlign >= trimEvery) this.#align();
    else this.#push(atMs);
  }

  #push(atMs: number): void {
    this.#sinceAlign++;
    this.#times.push(atMs);
    for (const [id, columns] of this.#columns) {
      const point = this.#points.get(id)?.at(-1);
      columns.forEach((column, metric) => {
        column.push(point?.atMs === atMs ? (point.values[metric] ?? null) : undefined);
      });
    }
  }

  #isGap(id: string, before: Sampling | undefined, point: Sampling): boolean {
    if (!isLate(before, point)) return false;
    const table = id === wholeTable ? undefined : this.#points.get(wholeTable);
    if (!table || !before) return true;
    const between = table.filter(({ atMs }) => atMs > before.atMs && atMs < point.atMs);
    return [...between, point].some((sample, i) => isLate(between[i - 1] ?? { ...before, cadenceMs: 0 }, sample));
  }

  /** Builds times and columns anew from the points. */
  #align(): void {
    this.#sinceAlign = 0;
    const newest = Math.max(...[...this.#points.values()].map((points) => points.at(-1)?.atMs ?? 0), 0);
    const breaks = new Map<string, number[]>();
    const times = new Set<number>();
    for (const [id, all] of this.#points) {
      const points = all.filter((point) => point.atMs >= newest - this.#keepMs);
      this.#points.set(id, points);
      const own = points.flatMap((point, i) =>
        this.#isGap(id, points[i - 1], point) ? [((points[i - 1]?.atMs ?? 0) + point.atMs) / 2] : [],
      );
      breaks.set(id, own);
      for (const at of own) times.add(at);
      for (const point of points) times.add(point.atMs);
    }
    this.#times = [...times].sort((a, b) => a - b);
    const indexOf = new Map(this.#times.map((at, index) => [at, index]));
    this.#columns = new Map();
    for (const [id, points] of this.#points) {
      const columns = metrics.map(() => new Array<Sampled>(this.#times.length).fill(undefined));
      for (const at of breaks.get(id) ?? []) for (const column of columns) column[indexOf.get(at) ?? 0] = null;
      for (const point of points) {
        const index = indexOf.get(point.atMs) ?? 0;
        columns.forEach((column, metric) => {
          column[index] = point.values[metric] ?? null;
        });
      }
      this.#columns.set(id, columns);
    }
  }
}

function isLate(before: Sampling | undefined, point: Sampling): boolean {
  if (!before) return false;
  return point.atMs - before.atMs > lateFactor * Math.max(before.cadenceMs, point.cadenceMs);
}
