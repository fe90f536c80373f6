import type { RowHistory } from "#domain/live";
import { Timeline, type TimelineView } from "./timeline.ts";

/** What a group of charts draws at one moment. `toMs` is its right edge. */
export interface ChartMoment extends TimelineView {
  toMs: number;
  /** the newest sample; null before the first */
  sampledAtMs: number | null;
}

/** Director's time kept going between samples, so that an outage is seen as a growing gap. */
interface LastSample {
  atMs: number;
  cadenceMs: number;
  receivedAtMs: number;
}

/**
 * The timeline behind a group of charts as an external store for React: one new moment a sample, and one a
 * second while samples are missing.
 *
 * @param clockMs milliseconds on a clock that never jumps
 */
export class ChartFeed {
  readonly #timeline: Timeline;
  readonly #clockMs: () => number;
  readonly #listeners = new Set<() => void>();
  #last: LastSample | null = null;
  #moment: ChartMoment;

  constructor(keepMs: number, clockMs: () => number) {
    this.#timeline = new Timeline(keepMs);
    this.#clockMs = clockMs;
    this.#moment = { ...this.#timeline.view, toMs: 0, sampledAtMs: null };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly moment = (): ChartMoment => this.#moment;

  keep(ids: readonly string[]): void {
    this.#timeline.keep(ids);
    this.#publish();
  }

  load(histories: readonly RowHistory[]): void {
    this.#timeline.load(histories);
    const newest = Math.max(...histories.map(({ atMs }) => atMs.at(-1) ?? 0), 0);
    if (newest > 0 && this.#last === null)
      this.#last = { atMs: newest, cadenceMs: 10_000, receivedAtMs: this.#clockMs() };
    this.#publish();
  }

  /** @returns whether samples were missed before this one, so that the director may know more than this tab */
  sample(atMs: number, cadenceMs: number, rows: ReadonlyMap<string, readonly (number | null)[] | null>): boolean {
    const missed = this.#last !== null && atMs - this.#last.atMs > 2.5 * Math.max(cadenceMs, this.#last.cadenceMs);
    this.#last = { atMs, cadenceMs, receivedAtMs: this.#clockMs() };
    this.#timeline.append(atMs, cadenceMs, rows);
    this.#publish();
    return missed;
  }

  /** Called about once a second: moves the right edge on while samples are missing. */
  tick(): void {
    if (this.#last && this.#clockMs() - this.#last.receivedAtMs > 1.5 * this.#last.cadenceMs) this.#publish();
  }

  #publish(): void {
    this.#moment = { ...this.#timeline.view, toMs: this.#rightEdgeMs(), sampledAtMs: this.#last?.atMs ?? null };
    for (const listener of this.#listeners) listener();
  }

  #rightEdgeMs(): number {
    if (!this.#last) return 0;
    const sinceMs = this.#clockMs() - this.#last.receivedAtMs;
    return this.#last.atMs + (sinceMs > 1.5 * this.#last.cadenceMs ? sinceMs : 0);
  }
}
