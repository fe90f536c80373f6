import { counterNames, countersPerRow, gaugesPerRow } from "#domain/counters";
import {
  type DescribedRow,
  type ListWindow,
  type LiveEvent,
  type LiveState,
  type RowValues,
  type TableSummary,
  type View,
  viewSchema,
} from "#domain/live";
import { roundedOrGap } from "#server/director/history";
import type { Mirror } from "./mirror.ts";

/** Events that wait for a slow reader; past this many they are dropped and the tab is told everything anew. */
const maxWaiting = 8;

/** One browser tab: what it shows, what it has been told, and what it has yet to be told. */
export class Tab {
  view: View = viewSchema.parse({ list: null, follow: [], counters: false, totals: false });
  /** by slot, the description that the tab holds; it keeps every row that it was told of until its stream begins anew */
  #described = new Map<number, number>();
  /** by slot on screen, the frame its values were told of */
  #told = new Map<number, number>();
  #window = "";
  #missing = "";
  #summarySeq = -1;
  #size = "";
  #fresh = true;
  #state = "";
  #waiting: LiveEvent[] = [];
  #wake: (() => void) | null = null;

  /** Forget what was told: the next event carries everything that is on screen. */
  reset(): void {
    this.#described.clear();
    this.#told.clear();
    this.#window = "";
    this.#missing = "";
    this.#summarySeq = -1;
    this.#size = "";
    this.#fresh = true;
    this.#state = "";
  }

  /** Slots of the rows on screen. */
  slots(mirror: Mirror, window: ListWindow | null): Set<number> {
    const slots = new Set(window?.slots);
    for (const id of this.view.follow) {
      const slot = mirror.slotOf.get(id);
      if (slot !== undefined) slots.add(slot);
    }
    return slots;
  }

  /**
   * Queues what the tab does not know yet of the mirror: rows that came on screen or were edited, values that moved.
   *
   * @param window the tab's part of the list, evaluated by the caller once for all who share it
   * @param ageMs how old the sample is by now
   */
  tell(mirror: Mirror, window: ListWindow | null, state: LiveState, ageMs: number): void {
    const event: LiveEvent = {};
    const stateText = JSON.stringify(state);
    if (stateText !== this.#state) event.state = state;
    this.#state = stateText;
    if (mirror.last && this.#summarySeq !== mirror.seq) {
      event.sample = { atMs: mirror.last.atMs, ageMs, cadenceMs: mirror.last.cadenceMs };
      const size = `${mirror.services.size} ${mirror.rows.size} ${mirror.attention}`;
      if (this.view.totals || size !== this.#size) event.summary = summaryOf(mirror);
      this.#size = size;
    }
    if (mirror.last) {
      if (this.#fresh) event.fresh = true;
      this.#fresh = false;
      this.#tellRows(mirror, window, event);
    }
    this.#summarySeq = mirror.seq;
    if (Object.keys(event).length > 0) this.#queue(event);
  }

  #tellRows(mirror: Mirror, window: ListWindow | null, event: LiveEvent): void {
    const windowText = window ? JSON.stringify(window) : "";
    if (window && windowText !== this.#window) event.window = window;
    this.#window = windowText;
    const missing = this.view.follow.filter((id) => !mirror.slotOf.has(id));
    if (missing.join(" ") !== this.#missing) event.missing = missing;
    this.#missing = missing.join(" ");

    const onScreen = this.slots(mirror, window);
    const rows: DescribedRow[] = [];
    const values: RowValues[] = [];
    const counters: [number, ...string[]][] = [];
    for (const slot of onScreen) {
      const told = this.#told.get(slot) ?? -1;
      const describedSeq = mirror.rows.get(slot)?.describedSeq ?? 0;
      const described = (this.#described.get(slot) ?? -1) < describedSeq ? mirror.describe(slot) : null;
      if (described) rows.push(described);
      if (described) this.#described.set(slot, describedSeq);
      if (told >= 0 && told >= (mirror.movedSeq[slot] ?? 0) && !described) continue;
      values.push(valuesOf(mirror, slot));
      if (this.view.counters) counters.push([slot, ...countersAt(mirror, slot)]);
    }
    // The values of a row that left the screen are told anew when it comes back.
    this.#told = new Map([...onScreen].map((slot) => [slot, mirror.seq]));
    if (rows.length > 0) event.rows = rows;
    if (values.length > 0) event.values = values;
    if (counters.length > 0) event.counters = counters;
  }

  #queue(event: LiveEvent): void {
    this.#waiting.push(event);
    if (this.#waiting.length > maxWaiting) {
      this.#waiting = [];
      this.reset();
    }
    this.#wake?.();
  }

  /** The events, one after another, until `signal` aborts. */
  async *events(signal: AbortSignal): AsyncGenerator<LiveEvent> {
    const onAbort = () => this.#wake?.();
    signal.addEventListener("abort", onAbort);
    try {
      while (!signal.aborted) {
        const event = this.#waiting.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }
}

function valuesOf(mirror: Mirror, slot: number): RowValues {
  const rates = Array.from(mirror.rates.subarray(slot * countersPerRow, (slot + 1) * countersPerRow), roundedOrGap);
  const gauges = mirror.gauges.subarray(slot * gaugesPerRow, (slot + 1) * gaugesPerRow);
  return [slot, ...rates, ...gauges] as unknown as RowValues;
}

function countersAt(mirror: Mirror, slot: number): string[] {
  return Array.from(mirror.counters.subarray(slot * countersPerRow, (slot + 1) * countersPerRow), String);
}

function summaryOf(mirror: Mirror): TableSummary {
  const { counters = [], rates = [], gauges = [] } = mirror.last?.totals ?? {};
  const values = [-1, ...rates.map((rate) => roundedOrGap(rate ?? undefined)), ...gauges] as unknown as RowValues;
  const named = Object.fromEntries(counterNames.map((name, index) => [name, counters[index] ?? "0"]));
  return {
    services: mirror.services.size,
    servers: mirror.rows.size - mirror.services.size,
    attention: mirror.attention,
    values,
    counters: named as unknown as TableSummary["counters"],
  };
}
