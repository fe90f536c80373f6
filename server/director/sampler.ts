import { countersPerRow, gaugesPerRow } from "#domain/counters";
import { asDirectorError, type DirectorError } from "#domain/errors";
import type { HistoryQuery, RowHistory } from "#domain/live";
import { encodeFrame } from "./frames.ts";
import { coarseMs, fineMs, History } from "./history.ts";
import type { Ipvs, Snapshot } from "./ipvs.ts";
import { LiveTable } from "./live-table.ts";

export interface SamplerOptions {
  ipvs: Pick<Ipvs, "snapshot" | "totals">;
  /** between two samples while someone watches */
  sampleMs: number;
  /** between two samples while nobody does */
  idleMs?: number;
  /** milliseconds on a clock that never jumps; rates are taken on it */
  monotonicMs: () => number;
  /** milliseconds since the epoch, for people */
  wallMs: () => number;
  /** the weight that a drained server gets back; asked for rows that came or were edited */
  drainedWeight: (serverId: string) => number | null;
  /** what the kernel refused, in the director's words */
  toDirectorError?: (thrown: unknown) => DirectorError;
  /** counted, for the log and for tests of "one snapshot a second, whoever watches" */
  onSample?: (sample: { tookMs: number; mainMs: number; rows: number; watchers: number; frameBytes: number }) => void;
  onError?: (error: DirectorError) => void;
  /** told the rows of each sample: the same array as before while no row came, went or was edited */
  onRows?: (rows: Snapshot["rows"]) => void;
}

type Listener = (frame: Buffer) => void;

/**
 * Takes the table's pulse: one snapshot a second for all who watch, every 10 s when nobody does. Each
 * watcher first gets the whole table, then a frame a sample with the rows that changed.
 */
export class Sampler {
  readonly table = new LiveTable();
  readonly history = new History();
  samples = 0;
  #latest: { snapshot: Snapshot; takenMs: number } | null = null;
  readonly #options: Required<Pick<SamplerOptions, "idleMs">> & SamplerOptions;
  readonly #listeners = new Set<Listener>();
  readonly #fresh = new Set<Listener>();
  readonly #watched = new Map<object, ReadonlySet<string>>();
  #totals = new LiveTable();
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = 0;
  /** samples of the clock since the last beat; the first one, and the first for someone who came, is a beat */
  #sinceBeat = Number.POSITIVE_INFINITY;
  #sampling: Promise<void> | null = null;
  #stopped = false;

  constructor(options: SamplerOptions) {
    this.#options = { idleMs: coarseMs, ...options };
  }

  start(): void {
    this.#dueAtMs = this.#options.monotonicMs();
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  /** Frames from now on, the first with the whole table; the answer ends it. */
  subscribe(listener: Listener): () => void {
    const wasIdle = this.#listeners.size === 0;
    this.#listeners.add(listener);
    this.#fresh.add(listener);
    if (wasIdle) this.#sampleSoon();
    return () => {
      this.#listeners.delete(listener);
      this.#fresh.delete(listener);
    };
  }

  /** Rows that `watcher` (any object) has on screen: they get one point of history a second. An empty list ends it. */
  watch(watcher: object, ids: readonly string[]): void {
    if (ids.length === 0) this.#watched.delete(watcher);
    else this.#watched.set(watcher, new Set(ids));
    const all = new Set<string>();
    for (const some of this.#watched.values()) for (const id of some) all.add(id);
    this.history.watch(all, this.#options.wallMs());
  }

  /** The last snapshot, when it is no older than `maxAgeMs`. */
  latest(maxAgeMs: number): Snapshot | null {
    if (!this.#latest || this.#options.monotonicMs() - this.#latest.takenMs > maxAgeMs) return null;
    return this.#latest.snapshot;
  }

  past(query: HistoryQuery): RowHistory[] {
    const sinceMs = this.#options.wallMs() - query.windowS * 1000;
    return query.ids.map((id) => this.history.of(this.table, id, sinceMs));
  }

  /** Takes a sample now, after an own write: the next page to show it must not wait a second. */
  async refresh(): Promise<void> {
    if (this.#listeners.size === 0 || this.#stopped) return;
    while (this.#sampling) await this.#sampling;
    this.#sampling = this.#sample(true);
    await this.#sampling;
    this.#sampling = null;
  }

  get #cadenceMs(): number {
    return this.#listeners.size > 0 ? this.#options.sampleMs : this.#options.idleMs;
  }

  /** Rates and history go by beats of about a second, however many samples are wanted between two of them. */
  get #samplesPerBeat(): number {
    return Math.max(1, Math.round(fineMs / this.#cadenceMs));
  }

  #sampleSoon(): void {
    this.#sinceBeat = Number.POSITIVE_INFINITY;
    this.#dueAtMs = this.#options.monotonicMs();
    this.#schedule();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const waitMs = Math.max(0, this.#dueAtMs - this.#options.monotonicMs());
    this.#timer = setTimeout(() => void this.#tick(), waitMs);
  }

  async #tick(): Promise<void> {
    while (this.#sampling) await this.#sampling;
    const isBeat = ++this.#sinceBeat >= this.#samplesPerBeat;
    if (isBeat) this.#sinceBeat = 0;
    this.#sampling = this.#sample(!isBeat);
    await this.#sampling;
    this.#sampling = null;
    // From when it was due, so that samples stay a second apart; a late one does not make the next hurry.
    const now = this.#options.monotonicMs();
    this.#dueAtMs = Math.max(this.#dueAtMs + this.#cadenceMs, now + this.#cadenceMs / 4);
    this.#schedule();
  }

  async #sample(extra: boolean): Promise<void> {
    const { ipvs, monotonicMs, onSample } = this.#options;
    const startedMs = monotonicMs();
    try {
      const [snapshot, totals] = await Promise.all([ipvs.snapshot(), ipvs.totals()]);
      const takenMs = monotonicMs();
      this.#latest = { snapshot, takenMs };
      const frameBytes = this.#publish(snapshot, totals, takenMs, extra);
      this.samples++;
      this.#options.onRows?.(snapshot.rows);
      const tookMs = takenMs - startedMs;
      onSample?.({
        tookMs,
        mainMs: monotonicMs() - takenMs,
        rows: snapshot.rows.length,
        watchers: this.#listeners.size,
        frameBytes,
      });
    } catch (thrown) {
      this.#fail((this.#options.toDirectorError ?? asDirectorError)(thrown));
    }
  }

  #publish(
    snapshot: Awaited<ReturnType<Ipvs["snapshot"]>>,
    totals: BigUint64Array,
    takenMs: number,
    extra: boolean,
  ): number {
    const taking = { cadenceMs: this.#cadenceMs * this.#samplesPerBeat, extra };
    const change = this.table.take(snapshot, takenMs, taking);
    this.#totals.take({ rows: totalRow, counters: totals, gauges: this.#sumOfServices(snapshot) }, takenMs, taking);
    const atMs = this.#options.wallMs();
    if (!extra) this.history.record(this.table, this.#totals, atMs, taking.cadenceMs);
    if (this.#listeners.size === 0) return 0;
    const header = { seq: change.seq, atMs, cadenceMs: this.#cadenceMs, totals: this.#totalsForFrame(totals) };
    const fresh = [...this.#fresh];
    this.#fresh.clear();
    let frameBytes = 0;
    if (fresh.length > 0) {
      const slots = this.table.slots();
      const frame = encodeFrame(
        { ...header, full: true, upserted: this.#describe(slots), removed: [] },
        slots,
        this.table,
      );
      for (const listener of fresh) listener(frame);
      frameBytes += frame.length * fresh.length;
    }
    const others = [...this.#listeners].filter((listener) => !fresh.includes(listener));
    if (others.length === 0) return frameBytes;
    const described = { ...header, full: false, upserted: this.#describe(change.upserted), removed: change.removed };
    const frame = encodeFrame(described, change.moved, this.table);
    for (const listener of others) listener(frame);
    return frameBytes + frame.length * others.length;
  }

  #describe(
    slots: Iterable<number>,
  ): { slot: number; row: NonNullable<LiveTable["rows"][number]>; drainedWeight: number | null }[] {
    return Array.from(slots).flatMap((slot) => {
      const row = this.table.rows[slot];
      if (!row) return [];
      const drained = row.kind === "server" && row.spec.weight === 0;
      return [{ slot, row, drainedWeight: drained ? this.#options.drainedWeight(row.id) : null }];
    });
  }

  #sumOfServices({ rows, gauges }: Awaited<ReturnType<Ipvs["snapshot"]>>): Uint32Array {
    const sum = new Uint32Array(gaugesPerRow);
    rows.forEach((row, index) => {
      if (row.kind !== "service") return;
      for (let g = 0; g < gaugesPerRow; g++) sum[g] = (sum[g] ?? 0) + (gauges[index * gaugesPerRow + g] ?? 0);
    });
    return sum;
  }

  #totalsForFrame(totals: BigUint64Array): { counters: string[]; rates: (number | null)[]; gauges: number[] } {
    const rates = Array.from(this.#totals.rates.subarray(0, countersPerRow), (rate) =>
      Number.isNaN(rate) ? null : rate,
    );
    return {
      counters: Array.from(totals, String),
      rates,
      gauges: Array.from(this.#totals.gauges.subarray(0, gaugesPerRow)),
    };
  }

  #fail(error: DirectorError): void {
    this.#options.onError?.(error);
    const header = {
      seq: this.table.seq,
      atMs: this.#options.wallMs(),
      cadenceMs: this.#cadenceMs,
      full: false,
      upserted: [],
      removed: [],
      totals: { counters: [], rates: [], gauges: [] },
      error: error.shape,
    };
    const frame = encodeFrame(header, new Uint32Array(0), this.table);
    for (const listener of this.#listeners) listener(frame);
  }
}

/** The table's totals go through the same arithmetic as a row. */
const totalRow = [
  {
    kind: "service" as const,
    id: "",
    key: { kind: "fwmark" as const, family: 4 as const, mark: 1 },
    spec: { scheduler: "", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
  },
];
