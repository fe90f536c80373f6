import type { RowHistory, RowValues } from "#domain/live";

/** Points kept for a sparkline: a minute of one-second samples. */
export const minutePoints = 60;
const metrics = 8;
/** Rows that nobody has on screen are kept at ten seconds, give or take: up to here nothing was missed. */
const longestApart = 15;

/** The last minute of one row, a point a second, NaN where there was no sample; metrics as in RowValues without the slot. */
export class Minute {
  readonly #points = new Float32Array(metrics * minutePoints).fill(Number.NaN);
  /** pushes since a value last differed from the one before; at minutePoints the picture stands still */
  #still = 0;
  #pushedAtMs = Number.NEGATIVE_INFINITY;
  /** points from the right edge in which the row was on screen here, so that what is missing is an outage */
  #seen = 0;
  /** there may be more to know about this minute than was seen here */
  wantsPast = true;

  /** All points alike: nothing to draw anew after another like them. */
  get still(): boolean {
    return this.#still >= minutePoints;
  }

  /**
   * Samples that never came, or that this row was not on screen for, are a gap until fill() knows better.
   *
   * @param missed how many samples this tab did not get before this one
   */
  push(values: RowValues, { atMs, cadenceMs, missed }: { atMs: number; cadenceMs: number; missed: number }): void {
    const without = Math.max(0, Math.round((atMs - this.#pushedAtMs) / cadenceMs) - 1);
    this.#pushedAtMs = atMs;
    if (without > missed) {
      this.wantsPast = true;
      this.#seen = 0;
    }
    const steps = Math.min(without + 1, minutePoints);
    this.#seen = this.#seen === 0 ? 1 : this.#seen + steps;
    let differs = without > 0;
    for (let metric = 0; metric < metrics; metric++) {
      const at = metric * minutePoints;
      const row = this.#points.subarray(at, at + minutePoints);
      const before = row[minutePoints - 1] ?? Number.NaN;
      const now = values[metric + 1] ?? Number.NaN;
      row.copyWithin(0, steps);
      row.fill(Number.NaN, minutePoints - steps, minutePoints - 1);
      row[minutePoints - 1] = now;
      differs ||= !Object.is(Math.fround(now), before);
    }
    this.#still = differs ? 0 : this.#still + 1;
  }

  /** What the director remembers, where nothing was seen here. Points of a slow cadence stand for the time between them. */
  fill(history: RowHistory): void {
    this.#still = 0;
    history.atMs.forEach((atMs, i) => {
      const last = minutePoints - 1 - Math.round((this.#pushedAtMs - atMs) / 1000);
      // The oldest one has no neighbour to be bridged to.
      const first = i === 0 ? last - Math.round((history.cadenceMs[0] ?? 1000) / 1000) + 1 : last;
      for (let point = Math.max(0, first); point <= Math.min(last, minutePoints - 1); point++)
        if (this.#isEmpty(point)) this.#write(point, (metric) => history.values[metric]?.[i] ?? Number.NaN);
    });
    this.#bridge();
  }

  /** Holds values back over short times without any, as far as the row was not on screen here. */
  #bridge(): void {
    let filled = -1;
    const end = Math.max(0, minutePoints - this.#seen);
    for (let point = 0; point <= Math.min(end, minutePoints - 1); point++) {
      if (this.#isEmpty(point)) continue;
      if (filled >= 0 && point - filled <= longestApart)
        for (let empty = filled + 1; empty < point; empty++)
          this.#write(empty, (metric) => this.#points[metric * minutePoints + point] ?? Number.NaN);
      filled = point;
    }
  }

  #write(point: number, valueOfMetric: (metric: number) => number): void {
    for (let metric = 0; metric < metrics; metric++)
      this.#points[metric * minutePoints + point] = valueOfMetric(metric);
  }

  /** Gauges tell: they are in every sample, while a rate may be a gap in one. */
  #isEmpty(point: number): boolean {
    return Number.isNaN(this.#points[(metrics - 1) * minutePoints + point]);
  }

  /** One metric, oldest first. @param metric place in RowValues, from 1 */
  series(metric: number): (number | null)[] {
    const at = (metric - 1) * minutePoints;
    return Array.from(this.#points.subarray(at, at + minutePoints), (value) => (Number.isNaN(value) ? null : value));
  }
}
