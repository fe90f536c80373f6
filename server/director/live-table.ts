import { Columns } from "#domain/columns";
import { counterDifference, countersPerRow, gaugesPerRow, halvesOf } from "#domain/counters";
import { slopeElapsedMs, slopeMs, writeRates } from "#domain/rates";
import type { TableRow } from "#domain/table";
import type { Snapshot } from "./ipvs.ts";
import { type Baselines, type PastSample, PastSamples, slopeBeats } from "./past-samples.ts";

/** How a sample was taken. */
export interface Taking {
  /** how far apart samples are wanted by now */
  cadenceMs?: number;
  /** taken between two beats of the clock, to show an own edit at once: rates stay what they were */
  extra?: boolean;
}

/** What one sample changed, in slots. */
export interface SampleChange {
  seq: number;
  /** rows that came or were edited */
  upserted: number[];
  removed: number[];
  /** rows whose counters, gauges or rates are not what they were */
  moved: Uint32Array;
}

/**
 * The table as columns under stable slot numbers: a row keeps its slot from when it is first seen until it
 * is gone, whatever order the kernel lists it in. Feeds on snapshots, one after another, and keeps rates.
 */
export class LiveTable extends Columns {
  readonly slotOf = new Map<string, number>();
  readonly rows: (TableRow | undefined)[] = [];
  /** the sample in which the row in a slot was first seen, or last went back to 0 */
  born = new Uint32Array(0);
  seq = 0;

  #moves = new Uint8Array(0);
  /** moved since the last beat, seen by an extra sample */
  #early = new Uint8Array(0);
  #beat = 0;
  #free: number[] = [];
  readonly #past = new PastSamples();
  #layout: readonly TableRow[] | null = null;
  #slots = new Uint32Array(0);
  #lastAtMs = Number.NEGATIVE_INFINITY;
  readonly #scratch = new Float32Array(countersPerRow);

  get capacity(): number {
    return this.#moves.length;
  }

  /**
   * Takes in one snapshot.
   *
   * @param atMs when it was taken, on a monotonic clock
   */
  take(snapshot: Snapshot, atMs: number, { cadenceMs = 1000, extra = false }: Taking = {}): SampleChange {
    this.seq++;
    if (!extra) this.#beat++;
    const change = snapshot.rows === this.#layout ? { upserted: [], removed: [] } : this.#reconcile(snapshot.rows);
    const atOneSecond = !extra && this.#past.step(atMs);
    const baselines = extra ? null : this.#past.baselines(atMs, cadenceMs);
    const moved = new Uint32Array(this.#slots.length);
    let movedCount = 0;
    const now = halvesOf(snapshot.counters);
    for (let index = 0; index < this.#slots.length; index++) {
      const slot = this.#slots[index] ?? 0;
      const step = this.#copyCounters(now, index, slot);
      if (step === "back") this.born[slot] = this.seq;
      const bit = step === "same" ? 0 : 1;
      const moves = this.#moves[slot] ?? 0;
      if (extra) this.#early[slot] = (this.#early[slot] ?? 0) | bit;
      else {
        this.#moves[slot] = atOneSecond ? (moves << 1) | bit | (this.#early[slot] ?? 0) : 0;
        this.#early[slot] = 0;
      }
      const gaugesMoved = this.#copyGauges(snapshot.gauges, index, slot);
      const ratesMoved = baselines
        ? this.#updateRates(slot, baselines, atMs)
        : step === "back" && this.#dropRates(slot);
      if (step !== "same" || gaugesMoved || ratesMoved || this.born[slot] === this.seq) moved[movedCount++] = slot;
    }
    if (!extra) {
      this.#past.remember({ seq: this.seq, beat: this.#beat, atMs, cadenceMs, halves: this.halves });
      this.#lastAtMs = atMs;
    }
    return { seq: this.seq, ...change, moved: moved.subarray(0, movedCount) };
  }

  /** Every slot in use. */
  slots(): Uint32Array {
    return this.#slots;
  }

  #reconcile(rows: readonly TableRow[]): { upserted: number[]; removed: number[] } {
    const slots = new Uint32Array(rows.length);
    const upserted: number[] = [];
    const kept = new Set<number>();
    rows.forEach((row, index) => {
      const slot = this.slotOf.get(row.id) ?? this.#allot(row.id);
      if (this.rows[slot] !== row) {
        this.rows[slot] = row;
        upserted.push(slot);
      }
      kept.add(slot);
      slots[index] = slot;
    });
    const removed = [...this.slotOf].filter(([, slot]) => !kept.has(slot));
    for (const [id, slot] of removed) {
      this.slotOf.delete(id);
      this.rows[slot] = undefined;
      this.#free.push(slot);
    }
    this.#layout = rows;
    this.#slots = slots;
    return { upserted, removed: removed.map(([, slot]) => slot) };
  }

  #allot(id: string): number {
    const slot = this.#free.pop() ?? this.rows.length;
    if (slot >= this.capacity) this.#grow(Math.max(64, this.capacity * 2));
    this.slotOf.set(id, slot);
    this.rows[slot] = undefined;
    this.born[slot] = this.seq;
    this.#moves[slot] = 0;
    this.rates.fill(Number.NaN, slot * countersPerRow, (slot + 1) * countersPerRow);
    this.counters.fill(0n, slot * countersPerRow, (slot + 1) * countersPerRow);
    this.gauges.fill(0, slot * gaugesPerRow, (slot + 1) * gaugesPerRow);
    return slot;
  }

  #grow(capacity: number): void {
    this.growColumns(capacity);
    const born = this.born;
    this.born = new Uint32Array(capacity);
    this.born.set(born);
    const moves = this.#moves;
    this.#moves = new Uint8Array(capacity);
    this.#moves.set(moves);
    const early = this.#early;
    this.#early = new Uint8Array(capacity);
    this.#early.set(early);
  }

  #copyCounters(now: Uint32Array, index: number, slot: number): "same" | "moved" | "back" {
    const from = index * countersPerRow;
    const to = slot * countersPerRow;
    let moved = false;
    let back = false;
    for (let counter = 0; counter < countersPerRow; counter++) {
      const difference = counterDifference(this.halves, now, from + counter, to + counter);
      if (difference === 0) continue;
      moved = true;
      back ||= difference < 0;
      this.halves[2 * (to + counter)] = now[2 * (from + counter)] ?? 0;
      this.halves[2 * (to + counter) + 1] = now[2 * (from + counter) + 1] ?? 0;
    }
    return back ? "back" : moved ? "moved" : "same";
  }

  #copyGauges(gauges: Uint32Array, index: number, slot: number): boolean {
    let moved = false;
    for (let gauge = 0; gauge < gaugesPerRow; gauge++) {
      const value = gauges[index * gaugesPerRow + gauge] ?? 0;
      moved ||= this.gauges[slot * gaugesPerRow + gauge] !== value;
      this.gauges[slot * gaugesPerRow + gauge] = value;
    }
    return moved;
  }

  #dropRates(slot: number): boolean {
    this.rates.fill(Number.NaN, slot * countersPerRow, (slot + 1) * countersPerRow);
    return true;
  }

  #updateRates(slot: number, { first, second }: Baselines, atMs: number): boolean {
    const at = slot * countersPerRow;
    const born = this.born[slot] ?? 0;
    const baseline = this.#since(born, first) ?? this.#since(born, second);
    const idle =
      (this.#moves[slot] ?? 0) === 0 && this.rates[at] === 0 && this.rates[at + 1] === 0 && this.rates[at + 2] === 0;
    if (idle && baseline && atMs - this.#lastAtMs < 1500) return false;
    if (!baseline) this.#scratch.fill(Number.NaN);
    else {
      const clockMs = atMs - baseline.atMs;
      const countable = this.#beat - baseline.beat === slopeBeats && clockMs < slopeMs + 1000;
      const elapsedMs = countable ? slopeElapsedMs(this.#moves[slot] ?? 0, clockMs) : clockMs;
      writeRates(baseline.halves, slot, this.halves, slot, elapsedMs, this.#scratch, 0);
    }
    let moved = false;
    for (let counter = 0; counter < countersPerRow; counter++) {
      const rate = this.#scratch[counter] ?? Number.NaN;
      moved ||= !Object.is(rate, this.rates[at + counter]);
      this.rates[at + counter] = rate;
    }
    return moved;
  }

  /** The baseline, when a row that was born in the sample `seq` was there by then. */
  #since(seq: number, baseline: PastSample | undefined): PastSample | undefined {
    return baseline && baseline.seq >= seq ? baseline : undefined;
  }
}
