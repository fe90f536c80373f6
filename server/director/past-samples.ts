import { counterPeriodMs, slopeMs } from "#domain/rates";

/** Over this long the kernel's steps put a constant rate at most a quarter off, wherever between two of them it starts. */
const longSlopeMs = 4 * counterPeriodMs;
/** A timer that fires a little early must not push the baseline a whole sample back. */
const jitterMs = 300;
/** A mean over more than this many times as long as was wanted tells of an outage, not of now. */
const lateFactor = 2.5;
/** Samples a second apart that a row's move history spans, and those that the usual slope does. */
const historyBeats = 8;
export const slopeBeats = 4;

/** A sample as rates are measured from it. */
export interface PastSample {
  seq: number;
  /** counts only samples that the clock asked for */
  beat: number;
  /** monotonic */
  atMs: number;
  /** how far apart samples were wanted when this one was taken */
  cadenceMs: number;
  /** the counters of all slots, as halvesOf() has them */
  halves: Uint32Array;
}

/** What the rates of one sample are measured from: `first`, or for rows that are younger than that `second`. */
export interface Baselines {
  first: PastSample | undefined;
  second: PastSample | undefined;
}

/** The last samples of the clock, as many as slopes are taken over. */
export class PastSamples {
  #past: PastSample[] = [];
  #spare: Uint32Array | undefined;
  /** steps of about a second up to now, without another between them */
  #evenSteps = 0;

  /** Says when the sample that is being taken was due; ask for its baselines behind that. @returns whether it came about a second after the one before */
  step(atMs: number): boolean {
    const stepMs = atMs - (this.#past.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY);
    const isSecond = stepMs > 500 && stepMs < 1500;
    this.#evenSteps = isSecond ? this.#evenSteps + 1 : 0;
    return isSecond;
  }

  /**
   * At a second apart the sample four back, since a row's moves tell how many copies of the kernel's lie between. Until
   * enough moves are known, as when a slow clock has just become a fast one, they do not, and a step that is no whole
   * number of copies would read up to half off: then a sample so far back that it hardly matters. Both are true of the
   * time up to now, which a rate held from before would not be, and neither is a gap. Rows that are not that old, and a
   * table that was never looked at before, have 4 s of one cadence instead.
   */
  baselines(atMs: number, cadenceMs: number): Baselines {
    const counted = this.#evenSteps >= historyBeats ? this.#past.at(-slopeBeats) : undefined;
    const countedMs = counted ? atMs - counted.atMs : 0;
    if (countedMs >= slopeMs - 500 && countedMs < slopeMs + 1000) return { first: counted, second: undefined };
    const long = this.#newest(atMs, longSlopeMs);
    const short = this.#newest(atMs, slopeMs - jitterMs);
    const even = short && this.#past.slice(this.#past.indexOf(short)).every((past) => past.cadenceMs === cadenceMs);
    const second = even ? short : undefined;
    return long ? { first: long, second } : { first: second, second: undefined };
  }

  #newest(atMs: number, leastMs: number): PastSample | undefined {
    const past = this.#past.findLast((sample) => atMs - sample.atMs >= leastMs);
    return past && atMs - past.atMs <= lateFactor * Math.max(past.cadenceMs, leastMs) ? past : undefined;
  }

  /** Keeps a copy of `halves`, and nothing that is too old to be measured from. */
  remember(sample: PastSample): void {
    while ((this.#past[1]?.atMs ?? Number.POSITIVE_INFINITY) <= sample.atMs - longSlopeMs)
      this.#spare = this.#past.shift()?.halves;
    const halves = this.#spare?.length === sample.halves.length ? this.#spare : new Uint32Array(sample.halves.length);
    this.#spare = undefined;
    halves.set(sample.halves);
    this.#past.push({ ...sample, halves });
  }
}
