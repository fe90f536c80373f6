import type { ConnectionPage, ConnectionQueryInput, ReadProgress } from "#domain/connection";
import { longestReadBudgetMs } from "#domain/connection-query";
import type { ConnectionLook } from "./use-connection-query.ts";

/** What the reader asks of the console. Calls to which `signal` belongs need no answer once it is aborted. */
export interface ConnectionsApi {
  page: (query: ConnectionQueryInput, signal: AbortSignal) => Promise<ConnectionPage>;
  /** of a read, or of an asking by the name that its asker gave it; null: there is none */
  progress: (id: string) => Promise<ReadProgress | null>;
  cancel: (id: string) => Promise<unknown>;
}

export interface ReaderState {
  /** the newest answer */
  page: ConnectionPage | null;
  /** what `page` answers */
  shown: ConnectionLook | null;
  /** looking: at what was read already */
  busy: "no" | "looking" | "reading";
  /** of the read that is under way, once something is known of it */
  progress: ReadProgress | null;
  error: unknown;
}

/** How often it is asked how far a read is. */
export const askProgressMs = 400;
/** Somebody wants more of a read: it goes on in parts of this length, so that it ends soon when nobody looks any more. */
const partMs = longestReadBudgetMs / 4;

const nothing: ReaderState = { page: null, shown: null, busy: "no", progress: null, error: null };

/** One asking, until its answer is there or nobody waits for it any more. */
interface Asking {
  asker: string;
  /** by what name it is asked how far the read is, and told to end: the asker's, or the id of somebody else's read */
  read: string;
  over: AbortController;
}

/**
 * Reads the table of connections for a page: one look after the other, the newest wins. A read ends when the usual budget
 * is used up; then somebody has to want more of it, and it goes on only while they look. What it promises is kept when
 * there is no more to wait for; what went wrong stands in its state.
 */
export class ConnectionReader {
  readonly #api: ConnectionsApi;
  readonly #isWatched: () => boolean;
  readonly #listeners = new Set<() => void>();
  #state = nothing;
  #look: ConnectionLook | null = null;
  #asking: Asking | null = null;
  #cancelled = false;

  constructor(api: ConnectionsApi, isWatched: () => boolean) {
    this.#api = api;
    this.#isWatched = isWatched;
  }

  readonly state = (): ReaderState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Answers another look: at the read that is there when it was through the same filter (the director reads anew when that
   * cannot be grouped as is asked now), else, or when `anew`, at a new one. Null: nothing is asked.
   */
  async look(look: ConnectionLook | null, anew = false): Promise<void> {
    this.#look = look;
    const { page, shown } = this.#state;
    if (look === null) return this.stop();
    if (anew || !page || !shown || !isSame(shown.filter, look.filter)) return this.#ask({ ...look }, "reading");
    await this.#ask({ ...look, read: page.read.id }, shown.group === look.group ? "looking" : "reading");
  }

  /** Reads anew. `freshMs`: a read of the same that somebody made no longer ago serves too. */
  async refresh(freshMs = 0): Promise<void> {
    if (this.#look) await this.#ask({ ...this.#look, freshMs }, "reading");
  }

  /** Goes on with a read that its budget cut short, until its end. */
  async goOn(): Promise<void> {
    const { page } = this.#state;
    if (this.#look && page?.read.state === "paused") await this.#ask(this.#part(page), "reading");
  }

  /** Ends the read that is under way; what it found so far stays, and its answer says that it was ended. */
  async cancel(): Promise<void> {
    const asking = this.#asking;
    if (asking === null) return;
    this.#cancelled = true;
    try {
      await this.#api.cancel(asking.read);
    } catch (error) {
      if (this.#asking === asking) this.#set({ error });
    }
  }

  /** Waits for no answer any more. */
  stop(): void {
    this.#end();
    this.#set({ busy: "no", progress: null });
  }

  async #ask(query: ConnectionQueryInput, busy: "looking" | "reading"): Promise<void> {
    this.#end();
    const asker = newAskerName();
    const asking: Asking = { asker, read: asker, over: new AbortController() };
    this.#asking = asking;
    this.#cancelled = false;
    this.#set({ busy, progress: null, error: null });
    void this.#follow(asking);
    try {
      let next: ConnectionQueryInput | null = query;
      while (next && this.#asking === asking) next = await this.#step(next, asking);
    } catch (error) {
      if (this.#asking === asking) this.#set({ error });
    } finally {
      if (this.#asking === asking) this.stop();
    }
  }

  /** One call, and what to ask after it; null when that was all. */
  async #step(query: ConnectionQueryInput, asking: Asking): Promise<ConnectionQueryInput | null> {
    const look = this.#look;
    const page = await this.#api.page({ ...query, asker: asking.asker }, asking.over.signal);
    if (this.#asking !== asking || look === null) return null;
    // Who ended their own asking, or somebody else's read that others wait for too, sees how far it was by then.
    const ended = this.#cancelled && page.read.state === "reading";
    this.#set({ page: ended ? { ...page, read: { ...page.read, state: "cancelled" } } : page, shown: look });
    if (page.read.state === "reading" && !ended) {
      asking.read = page.read.id;
      this.#set({ busy: "reading" });
      await pause(askProgressMs);
      return { ...look, read: page.read.id };
    }
    const wanted = query.goOn && !this.#cancelled && page.read.state === "paused" && this.#isWatched();
    return wanted ? this.#part(page) : null;
  }

  #part({ read }: ConnectionPage): ConnectionQueryInput {
    if (!this.#look) throw new Error("no look to go on with");
    return { ...this.#look, read: read.id, goOn: true, budgetMs: partMs };
  }

  /** Keeps `progress` as it is while an asking lasts. That it cannot be told is no reason to say anything: the answer comes. */
  async #follow(asking: Asking): Promise<void> {
    for (;;) {
      await pause(askProgressMs);
      if (this.#asking !== asking) return;
      const progress = await this.#api.progress(asking.read).catch(() => null);
      if (this.#asking === asking && progress) this.#set({ progress });
    }
  }

  #end(): void {
    this.#asking?.over.abort();
    this.#asking = null;
  }

  #set(parts: Partial<ReaderState>): void {
    this.#state = { ...this.#state, ...parts };
    for (const listener of this.#listeners) listener();
  }
}

/** Not crypto.randomUUID(): a console on a plain-HTTP address of a private network is no secure context. */
function newAskerName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const isSame = (one: ConnectionLook["filter"], other: ConnectionLook["filter"]) =>
  JSON.stringify(one) === JSON.stringify(other);
