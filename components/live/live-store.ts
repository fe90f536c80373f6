import type { ErrorCode, ErrorParams } from "#domain/errors";
import type { DescribedRow, ListWindow, LiveEvent, RowValues, TableSummary, View } from "#domain/live";
import { Listeners } from "./listeners.ts";
import { Minute } from "./minute.ts";

/**
 * Is what is shown alive, and if not, what was lost: the session, the console's own web process, the director behind it,
 * or a web process that understands this page, which was loaded before another build took its place?
 */
export type LiveStatus =
  | { kind: "connecting" }
  | { kind: "live" }
  | {
      kind: "stale";
      lost: "session" | "console" | "director" | "build";
      code: ErrorCode;
      params: ErrorParams;
      /** when the next try is due, by performance.now(); null: it is not known */
      retryAt: number | null;
    };

export interface Sample {
  atMs: number;
  cadenceMs: number;
  /** samples that did not reach this tab before this one */
  missed: number;
  /** when the sample was taken, by performance.now() of this tab */
  takenAt: number;
}

export type Topic = "status" | "sample" | "summary" | "window" | "missing" | "described" | "paused" | "order";

/** Values of rows that left the screen are kept up to this many rows. What a row is stays: the server tells it once a stream. */
const maxKeptValues = 800;

/**
 * What this tab knows of the table: an external store with a subscription per row, so that a row that moved
 * renders alone. Events go in, snapshots come out; every snapshot is the same object until it changes.
 */
export class LiveStore {
  readonly #rows = new Map<number, DescribedRow>();
  readonly #values = new Map<number, RowValues>();
  readonly #counters = new Map<number, readonly string[]>();
  readonly #minutes = new Map<number, Minute>();
  readonly #slots = new Map<string, number>();
  readonly #rowListeners = new Listeners<number>();
  readonly #topicListeners = new Listeners<Topic>();
  #status: LiveStatus = { kind: "connecting" };
  #sample: Sample | null = null;
  #summary: TableSummary | null = null;
  #window: ListWindow | null = null;
  #missing: ReadonlySet<string> = new Set();
  #follow: readonly string[] = [];
  #newStream = false;
  #paused = false;
  /** the list asked for, and whether its answer is still to come */
  #list = "null";
  #viewChanged = false;
  #orderHeld = false;
  /** the order that waits while another is held */
  #nextOrder: ListWindow | null = null;
  /** what arrived while paused, in order */
  #held: LiveEvent = {};

  status = (): LiveStatus => this.#status;
  sample = (): Sample | null => this.#sample;
  summary = (): TableSummary | null => this.#summary;
  window = (): ListWindow | null => this.#window;
  missing = (): ReadonlySet<string> => this.#missing;
  paused = (): boolean => this.#paused;

  row = (slot: number): DescribedRow | null => this.#rows.get(slot) ?? null;
  values = (slot: number): RowValues | null => this.#values.get(slot) ?? null;
  /** the five counters as decimal strings, when some view asks for counters */
  counters = (slot: number): readonly string[] | null => this.#counters.get(slot) ?? null;
  minute = (slot: number): Minute | null => this.#minutes.get(slot) ?? null;
  /** where a row of this id is, once it was told about */
  slotOf = (id: string): number | null => this.#slots.get(id) ?? null;

  /** Calls back when the row's description, values or counters change. */
  onRow = (slot: number, listener: () => void): (() => void) => this.#rowListeners.add(slot, listener);
  on = (topic: Topic, listener: () => void): (() => void) => this.#topicListeners.add(topic, listener);

  /** A stream was opened: its first data replace what an earlier one said, slots may be numbered anew. */
  opened(): void {
    this.#newStream = true;
  }

  /** The stream was lost. What is shown stays, as it was last. */
  lost(retryAt: number | null): void {
    this.#setStatus({ kind: "stale", lost: "console", code: "UNREACHABLE", params: {}, retryAt });
  }

  /** The session is over: there is no stream until someone logs in. */
  closed(): void {
    this.#setStatus({ kind: "stale", lost: "session", code: "NOT_LOGGED_IN", params: {}, retryAt: null });
  }

  /** The server does not know what this page asks for: there is no stream until it is loaded anew. */
  outdated(): void {
    this.#setStatus({ kind: "stale", lost: "build", code: "INVALID", params: {}, retryAt: null });
  }

  /** The person asked for something else: its answer is shown, paused or not. */
  viewChanged({ list, follow }: Pick<View, "list" | "follow">): void {
    const text = JSON.stringify(list);
    this.#viewChanged ||= text !== this.#list;
    this.#list = text;
    this.#follow = follow;
  }

  /** The list that the window was of is gone from the page: another must not begin with its rows. */
  dropWindow(): void {
    this.#window = null;
    this.#nextOrder = null;
    this.#topicListeners.tell("window");
  }

  /** Another order waits until the one on screen is let go. */
  orderWaits = (): boolean => this.#nextOrder !== null;

  /**
   * Someone points at a row: it must not run away. Rows keep their places, numbers move on; what was asked for
   * and what is gone is shown all the same. Rows that are held must be followed, or their numbers would stop.
   */
  holdOrder(held: boolean): void {
    this.#orderHeld = held;
    const waiting = this.#nextOrder;
    if (!held && waiting) this.#show({ window: waiting });
  }

  /** While paused, numbers and order stand still; what is edited, or comes on screen, is shown. */
  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#topicListeners.tell("paused");
    if (paused) this.#viewChanged = false;
    if (paused) return;
    const held = this.#held;
    this.#held = {};
    this.#show(held);
  }

  take(event: LiveEvent): void {
    if (event.fresh || (this.#newStream && event.sample)) this.#forget();
    if (event.state) this.#takeState(event.state);
    if (event.sample) this.#takeSample(event.sample);
    this.#show(this.#paused ? this.#hold(event) : event);
    if (!event.sample || !this.#sample) return;
    this.#pushMinutes(this.#sample);
    this.#topicListeners.tell("sample");
  }

  #takeState(state: NonNullable<LiveEvent["state"]>): void {
    if (state.kind !== "stale") this.#setStatus(state);
    else {
      const { code, params, retryInMs } = state;
      const retryAt = retryInMs === null ? null : performance.now() + retryInMs;
      this.#setStatus({ kind: "stale", lost: "director", code, params, retryAt });
    }
  }

  #setStatus(status: LiveStatus): void {
    this.#status = status;
    this.#topicListeners.tell("status");
  }

  #takeSample({ atMs, ageMs, cadenceMs }: NonNullable<LiveEvent["sample"]>): void {
    const sinceMs = this.#sample ? atMs - this.#sample.atMs : 0;
    const missed = Math.max(0, Math.round(sinceMs / cadenceMs) - 1);
    this.#sample = { atMs, cadenceMs, missed, takenAt: performance.now() - ageMs };
  }

  /** The part of an event that is shown though paused; the rest is kept for later. */
  #hold(event: LiveEvent): LiveEvent {
    const now: LiveEvent = {
      ...(event.rows ? { rows: event.rows } : {}),
      ...(event.missing ? { missing: event.missing } : {}),
    };
    if (event.window && this.#viewChanged) now.window = event.window;
    else if (event.window) this.#held.window = event.window;
    if (event.summary) this.#held.summary = event.summary;
    const described = new Set(event.rows?.map(({ slot }) => slot));
    now.values = event.values?.filter(([slot]) => described.has(slot) || !this.#values.has(slot)) ?? [];
    now.counters = event.counters?.filter(([slot]) => described.has(slot) || !this.#counters.has(slot)) ?? [];
    this.#held.values = newest(this.#held.values, event.values);
    this.#held.counters = newest(this.#held.counters, event.counters);
    return now;
  }

  #show(event: LiveEvent): void {
    const moved = new Set<number>();
    for (const described of event.rows ?? []) {
      this.#describe(described);
      moved.add(described.slot);
    }
    for (const values of event.values ?? []) {
      this.#values.set(values[0], values);
      moved.add(values[0]);
    }
    for (const [slot, ...counters] of event.counters ?? []) {
      this.#counters.set(slot, counters);
      moved.add(slot);
    }
    if (event.summary) this.#summary = event.summary;
    if (event.missing) this.#missing = new Set(event.missing);
    const window = this.#orderToShow(event);
    if (window) {
      this.#window = window;
      this.#viewChanged = false;
      this.#drop();
    }
    for (const slot of moved) this.#rowListeners.tell(slot);
    if (event.rows) this.#topicListeners.tell("described");
    if (event.summary) this.#topicListeners.tell("summary");
    if (event.missing) this.#topicListeners.tell("missing");
    if (window) this.#topicListeners.tell("window");
  }

  #orderToShow({ window, missing }: LiveEvent): ListWindow | null {
    const waits = this.orderWaits();
    const gone = (missing ?? []).length > 0;
    const next = window ?? (gone ? this.#nextOrder : null);
    const held = this.#orderHeld && !this.#viewChanged && !gone && sameSize(next, this.#window);
    if (next) this.#nextOrder = held ? next : null;
    if (this.orderWaits() !== waits) this.#topicListeners.tell("order");
    return held ? null : next;
  }

  #describe(described: DescribedRow): void {
    const { slot, row } = described;
    const before = this.#rows.get(slot)?.row.id;
    if (before !== row.id) {
      if (before !== undefined && this.#slots.get(before) === slot) this.#slots.delete(before);
      this.#minutes.delete(slot);
    }
    this.#rows.set(slot, described);
    this.#slots.set(row.id, slot);
  }

  /** Sparklines go on moving while numbers are paused: their time is not held. */
  #pushMinutes(sample: Sample): void {
    for (const slot of this.#onScreen()) {
      const values = this.#paused ? (this.#heldValues(slot) ?? this.#values.get(slot)) : this.#values.get(slot);
      if (!values) continue;
      const minute = this.#minutes.get(slot) ?? new Minute();
      this.#minutes.set(slot, minute);
      minute.push(values, sample);
    }
  }

  #heldValues(slot: number): RowValues | undefined {
    return this.#held.values?.findLast((values) => values[0] === slot);
  }

  #onScreen(): Set<number> {
    const slots = new Set(this.#window?.slots);
    for (const id of this.#follow) {
      const slot = this.#slots.get(id);
      if (slot !== undefined) slots.add(slot);
    }
    return slots;
  }

  #drop(): void {
    if (this.#values.size <= maxKeptValues) return;
    const onScreen = this.#onScreen();
    for (const slot of this.#values.keys()) {
      if (onScreen.has(slot) || this.#rowListeners.has(slot)) continue;
      this.#values.delete(slot);
      this.#counters.delete(slot);
      this.#minutes.delete(slot);
    }
  }

  #forget(): void {
    this.#newStream = false;
    const seen = [...this.#rows.keys()];
    for (const map of [this.#rows, this.#values, this.#counters, this.#minutes, this.#slots]) map.clear();
    this.#held = {};
    this.#nextOrder = null;
    this.#viewChanged = true;
    for (const slot of seen) this.#rowListeners.tell(slot);
  }
}

/** The same part of a list as long: only its order can differ, or a row came in another's place. */
function sameSize(a: ListWindow | null, b: ListWindow | null): boolean {
  const counts = ["from", "totalRows", "matchedServices", "matchedServers"] as const;
  return a !== null && b !== null && counts.every((count) => a[count] === b[count]);
}

/** The later entry of each slot. */
function newest<T extends readonly [number, ...unknown[]]>(before: T[] | undefined, after: T[] | undefined): T[] {
  if (!after || after.length === 0) return before ?? [];
  return [...new Map([...(before ?? []), ...after].map((entry) => [entry[0], entry] as const)).values()];
}
