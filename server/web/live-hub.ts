import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import { asDirectorError, DirectorError } from "#domain/errors";
import type { ListQuery, ListWindow, LiveEvent, LiveState, View } from "#domain/live";
import type { RemoteDirector } from "#server/director/remote";
import { loadMeter } from "../load.ts";
import { listWindow } from "./list.ts";
import { Mirror } from "./mirror.ts";
import { Tab } from "./tab.ts";

const firstRetryMs = 1000;
const longestRetryMs = 5000;
/** A second tab, or a reload, soon after: the stream from the director is kept that long. */
const lingerMs = 5000;

/** An order by moving numbers stands for three samples: rows that change places every second cannot be read, nor clicked. */
const samplesToAnOrder = 3;

/** Can the list become another one without a row being added, removed or edited? */
function followsValues({ sort, state }: ListQuery): boolean {
  return state.length > 0 || !["name", "scheduler", "weight"].includes(sort);
}

/**
 * One stream from the director for all tabs: keeps the mirror, evaluates each distinct list once a sample, and
 * tells every tab what changed on its screen. While no tab is open it holds no stream, and the director rests.
 */
export class LiveHub {
  /** lists evaluated so far: with 50 tabs on one page it grows by one a sample */
  evaluations = 0;
  readonly #director: Pick<RemoteDirector, "samples" | "watch">;
  readonly #log: Logger;
  readonly #tabs = new Map<string, Tab>();
  readonly #watcher = randomUUID();
  #mirror = new Mirror();
  #state: LiveState = { kind: "connecting" };
  #takenAtMs = 0;
  #stream: AbortController | null = null;
  #linger: NodeJS.Timeout | undefined;
  #watchdog: NodeJS.Timeout | undefined;
  #watched = "";
  readonly #windows = new Map<string, { window: ListWindow; seq: number; layoutSeq: number }>();
  readonly #load = loadMeter();

  constructor(director: Pick<RemoteDirector, "samples" | "watch">, log: Logger) {
    this.#director = director;
    this.#log = log;
  }

  /** A tab's events until it goes away. A second stream under the same id takes the first one's place. */
  async *open(viewId: string, view: View, signal: AbortSignal): AsyncGenerator<LiveEvent> {
    const tab = new Tab();
    tab.view = view;
    this.#tabs.set(viewId, tab);
    clearTimeout(this.#linger);
    if (!this.#stream) void this.#run();
    this.#tell([tab]);
    try {
      yield* tab.events(signal);
    } finally {
      if (this.#tabs.get(viewId) === tab) this.#tabs.delete(viewId);
      if (this.#tabs.size === 0) this.#linger = setTimeout(() => this.close(), lingerMs);
    }
  }

  /** What the tab shows from now on; answers false when there is no such tab (any more). */
  setView(viewId: string, view: View): boolean {
    const tab = this.#tabs.get(viewId);
    if (!tab) return false;
    tab.view = view;
    this.#tell([tab]);
    return true;
  }

  /** The table while samples come; null when nobody watches, or when they stopped. It goes on moving: read it at once, or copy. */
  get liveMirror(): Mirror | null {
    return this.#stream && this.#state.kind === "live" ? this.#mirror : null;
  }

  close(): void {
    clearTimeout(this.#linger);
    clearTimeout(this.#watchdog);
    this.#stream?.abort();
    this.#stream = null;
  }

  async #run(): Promise<void> {
    const stream = new AbortController();
    this.#stream = stream;
    this.#mirror = new Mirror();
    this.#windows.clear();
    this.#state = { kind: "connecting" };
    let retryMs = firstRetryMs;
    while (!stream.signal.aborted) {
      try {
        for await (const frame of this.#director.samples(this.#watcher, stream.signal)) {
          retryMs = firstRetryMs;
          this.#take(frame);
        }
      } catch (thrown) {
        clearTimeout(this.#watchdog);
        this.#lose(asDirectorError(thrown), retryMs);
      }
      if (stream.signal.aborted) break;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    }
  }

  #take(frame: Parameters<Mirror["take"]>[0]): void {
    const { error, cadenceMs } = frame.header;
    this.#expect(cadenceMs);
    if (error) {
      this.#lose(DirectorError.from(error), cadenceMs);
      return;
    }
    if (frame.header.full) {
      this.#watched = "";
      for (const tab of this.#tabs.values()) tab.reset();
    }
    this.#mirror.take(frame);
    this.#takenAtMs = Date.now();
    this.#state = { kind: "live" };
    this.#tell(this.#tabs.values());
    this.#log.debug({ rows: frame.slots.length, tabs: this.#tabs.size, ...this.#load() }, "sample");
  }

  /** A director that says nothing for three samples is as lost as one that hung up. */
  #expect(cadenceMs: number): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#lose(new DirectorError("TIMED_OUT"), null), 3 * cadenceMs + 1000);
  }

  #lose(error: DirectorError, retryInMs: number | null): void {
    const { code, params } = error.shape;
    if (this.#state.kind !== "stale") this.#log.warn({ code, params }, "samples stopped");
    const failures = this.#state.kind === "stale" ? this.#state.failures + 1 : 1;
    this.#state = { kind: "stale", code, params, retryInMs, failures };
    this.#tell(this.#tabs.values());
  }

  #tell(tabs: Iterable<Tab>): void {
    const ageMs = this.#mirror.last ? Date.now() - this.#takenAtMs : 0;
    for (const tab of tabs) tab.tell(this.#mirror, this.#windowOf(tab), this.#state, ageMs);
    this.#watch();
  }

  /** The tab's part of the list: evaluated once for all who share it, and again only when it may have become another. */
  #windowOf(tab: Tab): ListWindow | null {
    const query = tab.view.list;
    if (!query || !this.#mirror.last) return null;
    const { seq, layoutSeq } = this.#mirror;
    const text = JSON.stringify(query);
    const known = this.#windows.get(text);
    const standsFor = followsValues(query) ? samplesToAnOrder : Number.POSITIVE_INFINITY;
    if (known && known.layoutSeq === layoutSeq && seq - known.seq < standsFor) return known.window;
    this.evaluations++;
    const window = listWindow(this.#mirror, query);
    this.#windows.set(text, { window, seq, layoutSeq });
    return window;
  }

  #forgetWindows(): void {
    const shown = new Set(Array.from(this.#tabs.values(), (tab) => JSON.stringify(tab.view.list)));
    for (const text of this.#windows.keys()) if (!shown.has(text)) this.#windows.delete(text);
  }

  /** Tells the director which rows are on some screen: it keeps those at one point a second. */
  #watch(): void {
    this.#forgetWindows();
    const ids = new Set<string>();
    for (const tab of this.#tabs.values()) {
      for (const slot of tab.slots(this.#mirror, this.#windowOf(tab))) {
        const id = this.#mirror.rows.get(slot)?.row.id;
        if (id) ids.add(id);
      }
    }
    const text = [...ids].sort().join(" ");
    if (text === this.#watched || this.#state.kind !== "live") return;
    this.#watched = text;
    this.#director
      .watch(this.#watcher, [...ids])
      .catch((error: unknown) => this.#log.debug({ err: error }, "watch refused"));
  }
}
