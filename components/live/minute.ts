import type { RowHistory, RowValues } from "#domain/live";

/** Points kept for a sparkline: a minute of one-second samples. */
export const minutePoints = 60;
const metrics = 8;

/** The last minute of one row, a point a second, NaN where there was no sample; metrics as in RowValues without the slot. */
export class Minute {
  readonly #points = new Float32Array(metrics * minutePoints).fill(Number.NaN);
  /** pushes since a value last differed from the one before; at minutePoints the picture stands still */
  #still = 0;
  #pushedAtMs = 0;
  /** there may be more to know about this minute than was seen here */
  wantsPast = true;

  /** All points alike: nothing to draw anew after another like them. */
  get still(): boolean {
    return this.#still >= minutePoints;
  }

  /** Samples that this row was not on screen for, or that never came, are a gap until fill() knows better. */
  push(values: RowValues, { atMs, cadenceMs }: { atMs: number; cadenceMs: number }): void {
    const missed = this.#pushedAtMs === 0 ? 0 : Math.max(0, Math.round((atMs - this.#pushedAtMs) / cadenceMs) - 1);
    this.#pushedAtMs = atMs;
    if (missed > 0) this.wantsPast = true;
    const steps = Math.min(missed + 1, minutePoints);
    let differs = missed > 0;
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

  /**
   * What the director remembers, under what was pushed here since. A point stands for the time since the one before
   * where that is no longer than samples were apart: rows that nobody watched are kept at ten seconds, which is no gap.
   */
  fill(history: RowHistory): void {
    const nowMs = this.#pushedAtMs;
    this.#still = 0;
    const pointAt = (atMs: number) => minutePoints - 1 - Math.round((nowMs - atMs) / 1000);
    let before = Number.NEGATIVE_INFINITY;
    let reach = 1;
    history.atMs.forEach((atMs, i) => {
      const point = pointAt(atMs);
      const cadence = Math.max(1, Math.round((history.cadenceMs[i] ?? 1000) / 1000));
      reach = Math.max(reach, cadence) * 1.5;
      const first = point - before <= reach ? before + 1 : point - cadence + 1;
      this.#hold(first, point, (metric) => history.values[metric]?.[i] ?? Number.NaN);
      before = point;
      reach = cadence;
    });
    const pushed = this.#firstPushed(before);
    if (pushed !== null && pushed - before <= reach * 1.5)
      this.#hold(before + 1, pushed, (metric) => this.#points[metric * minutePoints + pushed] ?? Number.NaN);
  }

  /** Writes one value per metric from one point to another, where nothing stands yet. */
  #hold(first: number, last: number, pointOf: (metric: number) => number): void {
    for (let point = Math.max(0, first); point <= Math.min(last, minutePoints - 1); point++) {
      for (let metric = 0; metric < metrics; metric++) {
        const at = metric * minutePoints + point;
        if (Number.isNaN(this.#points[at])) this.#points[at] = pointOf(metric);
      }
    }
  }

  #firstPushed(after: number): number | null {
    // Gauges are never a gap in a sample that was pushed; rates may be.
    const gauge = (metrics - 1) * minutePoints;
    for (let point = Math.max(0, after + 1); point < minutePoints; point++)
      if (!Number.isNaN(this.#points[gauge + point])) return point;
    return null;
  }

  /** One metric, oldest first. @param metric place in RowValues, from 1 */
  series(metric: number): (number | null)[] {
    const at = (metric - 1) * minutePoints;
    return Array.from(this.#points.subarray(at, at + minutePoints), (value) => (Number.isNaN(value) ? null : value));
  }
}
