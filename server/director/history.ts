import { countersPerRow, gaugesPerRow } from "#domain/counters";
import type { RowHistory } from "#domain/live";
import type { LiveTable } from "./live-table.ts";

export const historyMs = 15 * 60 * 1000;
export const coarseMs = 10_000;
export const fineMs = 1000;
/** Rates and gauges: what one point of one row is. */
export const valuesPerPoint = countersPerRow + gaugesPerRow;
/** Rows that are kept at one sample a second at most: 15 min of 8 floats each are 29 KB. */
export const maxFineRows = 512;

interface CoarseSample {
  atMs: number;
  cadenceMs: number;
  seq: number;
  /** valuesPerPoint to a slot */
  values: Float32Array;
}

/** A ring of points, oldest overwritten first. */
class Ring {
  readonly #atMs: Float64Array;
  readonly #cadenceMs: Float32Array;
  readonly #values: Float32Array;
  readonly #size: number;
  #next = 0;
  #count = 0;
  wantedAtMs = 0;

  constructor(points: number) {
    this.#size = points;
    this.#atMs = new Float64Array(points);
    this.#cadenceMs = new Float32Array(points);
    this.#values = new Float32Array(points * valuesPerPoint);
  }

  push(atMs: number, cadenceMs: number, rates: Float32Array, gauges: Uint32Array, slot: number): void {
    this.#atMs[this.#next] = atMs;
    this.#cadenceMs[this.#next] = cadenceMs;
    writePoint(this.#values, this.#next * valuesPerPoint, rates, gauges, slot);
    this.#next = (this.#next + 1) % this.#size;
    this.#count = Math.min(this.#count + 1, this.#size);
  }

  *points(sinceMs: number): Generator<Point> {
    for (let i = 0; i < this.#count; i++) {
      const at = (this.#next - this.#count + i + this.#size) % this.#size;
      const atMs = this.#atMs[at] ?? 0;
      if (atMs < sinceMs) continue;
      yield {
        atMs,
        cadenceMs: this.#cadenceMs[at] ?? 0,
        values: this.#values.subarray(at * valuesPerPoint, (at + 1) * valuesPerPoint),
      };
    }
  }
}

interface Point {
  atMs: number;
  cadenceMs: number;
  values: Float32Array;
}

function writePoint(out: Float32Array, at: number, rates: Float32Array, gauges: Uint32Array, slot: number): void {
  for (let i = 0; i < countersPerRow; i++) out[at + i] = rates[slot * countersPerRow + i] ?? Number.NaN;
  for (let i = 0; i < gaugesPerRow; i++) out[at + countersPerRow + i] = gauges[slot * gaugesPerRow + i] ?? 0;
}

/**
 * The last 15 minutes: one point every 10 s of every row, and one a second of rows that someone has on
 * screen and of the whole table. Typed arrays of fixed size, so memory is bounded whatever the uptime:
 * rows × 90 × 32 bytes, and 29 KB for each of at most 512 watched rows.
 */
export class History {
  readonly #coarse: CoarseSample[] = [];
  readonly #fine = new Map<string, Ring>();
  readonly #total = new Ring(historyMs / fineMs);
  #watched: ReadonlySet<string> = new Set();

  /** Rows to keep at one point a second from now on, by id. What is no longer named is kept for 15 minutes more. */
  watch(ids: ReadonlySet<string>, atMs: number): void {
    this.#watched = new Set([...ids].slice(0, maxFineRows));
    for (const id of this.#watched) {
      const ring = this.#fine.get(id) ?? new Ring(historyMs / fineMs);
      ring.wantedAtMs = atMs;
      this.#fine.delete(id);
      this.#fine.set(id, ring);
    }
    for (const [id, ring] of this.#fine) {
      const tooMany = this.#fine.size > maxFineRows && !this.#watched.has(id);
      if (tooMany || (!this.#watched.has(id) && atMs - ring.wantedAtMs > historyMs)) this.#fine.delete(id);
    }
  }

  /** @param atMs wall clock; pages show it @param cadenceMs how far the sample before should lie */
  record(table: LiveTable, total: { rates: Float32Array; gauges: Uint32Array }, atMs: number, cadenceMs: number): void {
    this.#total.push(atMs, cadenceMs, total.rates, total.gauges, 0);
    // Rows that went off screen too, for as long as their past is kept: they come back without a hole.
    for (const [id, ring] of this.#fine) {
      const slot = table.slotOf.get(id);
      if (slot !== undefined) ring.push(atMs, cadenceMs, table.rates, table.gauges, slot);
    }
    const last = this.#coarse.at(-1);
    // Half a second of grace: timers are late, and 9.9 s must not become 11.
    if (last && atMs - last.atMs < coarseMs - 500 && atMs >= last.atMs) return;
    const expired =
      last && this.#coarse[0] && this.#coarse.length >= historyMs / coarseMs ? this.#coarse.shift() : undefined;
    const length = table.capacity * valuesPerPoint;
    const values = expired?.values.length === length ? expired.values : new Float32Array(length);
    for (const slot of table.slots()) writePoint(values, slot * valuesPerPoint, table.rates, table.gauges, slot);
    this.#coarse.push({ atMs, cadenceMs: coarseMs, seq: table.seq, values });
  }

  /** The past of one row, or of the whole table with id "". Unknown rows have none. */
  of(table: LiveTable, id: string, sinceMs: number): RowHistory {
    const fine = [...((id === "" ? this.#total : this.#fine.get(id))?.points(sinceMs) ?? [])];
    const slot = id === "" ? undefined : table.slotOf.get(id);
    const coarse = slot === undefined ? [] : this.#coarsePoints(table, slot, sinceMs);
    return rowHistory(id, merge(fine, coarse));
  }

  #coarsePoints(table: LiveTable, slot: number, sinceMs: number): Point[] {
    const born = table.born[slot] ?? 0;
    return this.#coarse
      .filter(
        (sample) => sample.atMs >= sinceMs && sample.seq >= born && (slot + 1) * valuesPerPoint <= sample.values.length,
      )
      .map(({ atMs, cadenceMs, values }) => ({
        atMs,
        cadenceMs,
        values: values.subarray(slot * valuesPerPoint, (slot + 1) * valuesPerPoint),
      }));
  }
}

/** Fine points, and coarse ones where there is no fine one near: a row may have been off screen for a while. */
function merge(fine: Point[], coarse: Point[]): Point[] {
  if (fine.length === 0) return coarse;
  const merged: Point[] = [];
  let next = 0;
  for (const point of coarse) {
    while (next < fine.length && (fine[next] as Point).atMs <= point.atMs) merged.push(fine[next++] as Point);
    const nearest = Math.min(
      point.atMs - (merged.at(-1)?.atMs ?? -Infinity),
      (fine[next]?.atMs ?? Infinity) - point.atMs,
    );
    if (nearest > coarseMs / 2) merged.push(point);
  }
  merged.push(...fine.slice(next));
  return merged;
}

function rowHistory(id: string, points: Point[]): RowHistory {
  return {
    id,
    atMs: points.map((point) => point.atMs),
    cadenceMs: points.map((point) => point.cadenceMs),
    values: Array.from({ length: valuesPerPoint }, (_, metric) =>
      points.map((point) => roundedOrGap(point.values[metric])),
    ),
  };
}

/** Four significant digits below 10,000 and whole numbers above: what a chart can show, in a third of the bytes. */
export function roundedOrGap(value: number | undefined): number | null {
  if (value === undefined || Number.isNaN(value)) return null;
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}
