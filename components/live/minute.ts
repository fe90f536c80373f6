import type { RowHistory, RowValues } from "#domain/live";

/** Points kept for a sparkline: a minute of one-second samples. */
export const minutePoints = 60;
const metrics = 8;

/** The last minute of one row, a point a second, NaN where there was no sample; metrics as in RowValues without the slot. */
export class Minute {
  readonly #points = new Float32Array(metrics * minutePoints).fill(Number.NaN);
  /** pushes since a value last differed from the one before; at minutePoints the picture stands still */
  #still = 0;
  #loaded = false;

  /** Has the past been filled in? Until then the left part is empty. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** All points alike: nothing to draw anew after another like them. */
  get still(): boolean {
    return this.#still >= minutePoints;
  }

  /** @param missed how many samples went missing before this one */
  push(values: RowValues, missed: number): void {
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
   * What the director remembers, under what was pushed here since. A point that stands for `cadenceMs` fills that
   * long, so that samples ten seconds apart are no gaps.
   *
   * @param nowMs time of the newest pushed sample
   */
  fill(history: RowHistory, nowMs: number): void {
    this.#loaded = true;
    this.#still = 0;
    history.atMs.forEach((atMs, i) => {
      const last = minutePoints - 1 - Math.round((nowMs - atMs) / 1000);
      const first = last - Math.max(1, Math.round((history.cadenceMs[i] ?? 1000) / 1000)) + 1;
      for (let point = Math.max(0, first); point <= Math.min(last, minutePoints - 1); point++) {
        for (let metric = 0; metric < metrics; metric++) {
          const at = metric * minutePoints + point;
          if (Number.isNaN(this.#points[at])) this.#points[at] = history.values[metric]?.[i] ?? Number.NaN;
        }
      }
    });
  }

  /** One metric, oldest first. @param metric place in RowValues, from 1 */
  series(metric: number): (number | null)[] {
    const at = (metric - 1) * minutePoints;
    return Array.from(this.#points.subarray(at, at + minutePoints), (value) => (Number.isNaN(value) ? null : value));
  }
}
