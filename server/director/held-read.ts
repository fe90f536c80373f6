import { randomUUID } from "node:crypto";
import type { ConnectionPage, ConnectionQuery, ReadProgress } from "#domain/connection";
import type { ConnectionGrouping } from "#domain/connection-query";
import { decodeConnection } from "#domain/connections/packed-row";
import { DirectorError } from "#domain/errors";
import type { OpenRead, ReadPlan } from "./connection-source.ts";
import { decodeGroups } from "./regrouping.ts";
import { WriterLock } from "./writer-lock.ts";

/** A read goes on in pieces of this length, so that between two of them it can be looked at, and ends soon when nobody asks. */
const sliceMs = 250;

export interface Clocks {
  monotonicMs: () => number;
  wallMs: () => number;
}

/** Somebody who waits for a read to go on. */
export interface Asking {
  name: string | undefined;
  /** how far it is to go, in time spent reading this read */
  untilMs: number;
  signal: AbortSignal | undefined;
}

/** What is done in one turn; `isOver` says when others have waited long enough for theirs. */
export type Work = (isOver: () => boolean) => Promise<void>;

interface Asker {
  name: string | undefined;
  /** in time spent reading */
  untilMs: number;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/** One read of the connection table: who asks for it, how far it is, and what is looked at of what it kept. */
export class HeldRead {
  readonly id = randomUUID();
  readonly filterText: string;
  readonly group: ConnectionGrouping | null;
  /** calls that look at it or wait for it */
  users = 0;
  usedAtMs = 0;
  /** on the monotonic clock: when reading stopped last; null before and meanwhile */
  stoppedAtMs: number | null = null;
  hasFailed = false;
  #readAtMs: number;
  readonly #clocks: Clocks;
  readonly #askers = new Set<Asker>();
  /** pieces of reading and looks, one after the other */
  readonly #turns = new WriterLock();
  #open: OpenRead | null = null;
  #isDriven = false;
  #isCancelled = false;

  constructor({ filter, group }: Pick<ReadPlan, "filter" | "group">, clocks: Clocks) {
    this.filterText = JSON.stringify(filter);
    this.group = group;
    this.#clocks = clocks;
    this.#readAtMs = clocks.wallMs();
  }

  /** `reading` also while it waits for its turn. */
  get progress(): ReadProgress {
    const nothing = { rowsRead: 0, rowsExpected: 0, matched: 0, held: 0, tookMs: 0 };
    const progress: ReadProgress = this.#open?.progress() ?? { state: "paused", ...nothing };
    if (progress.state === "complete" || progress.state === "cancelled") return progress;
    return { ...progress, state: this.#isCancelled ? "cancelled" : this.#isDriven ? "reading" : "paused" };
  }

  /** Was anything read of it? Not when all who asked were gone before its turn. */
  get hasBegun(): boolean {
    return this.#open !== null;
  }

  /** Can its rows be told by this grouping, as they are now? */
  canGroup(by: ConnectionGrouping | null): boolean {
    if (by === null || by === this.group) return true;
    const { state, matched, held } = this.progress;
    return state !== "reading" && matched === held;
  }

  hasAsker(name: string): boolean {
    return [...this.#askers].some((asker) => asker.name === name);
  }

  /**
   * Somebody wants it to go on: settles when it is over, their budget is used up or their asking was ended. Rejects
   * with why it cannot be read, and with CANCELLED when `signal` aborts. drive() has to follow at once.
   */
  ask({ name, untilMs, signal }: Asking): Promise<void> {
    return new Promise((resolve, reject) => {
      const asker: Asker = { name, untilMs, resolve, reject };
      this.#askers.add(asker);
      const leave = () => {
        this.#askers.delete(asker);
        reject(new DirectorError("CANCELLED"));
      };
      if (signal?.aborted) leave();
      else signal?.addEventListener("abort", leave, { once: true });
    });
  }

  /**
   * Ends the asking of that name; what nobody else asks for is cancelled with it. By the read's own id it is cancelled
   * unless several ask for it: one of them does not end it for the others. Was there anything to end?
   */
  cancel(name: string): boolean {
    const asker = [...this.#askers].find((one) => one.name === name);
    if (this.#askers.size > 1) {
      if (!asker) return false;
      this.#askers.delete(asker);
      asker.resolve();
      return true;
    }
    if (!asker && name !== this.id) return false;
    const { state } = this.progress;
    if (state === "complete" || state === "cancelled") return false;
    this.#isCancelled = true;
    this.#open?.cancel();
    // Before its turn nobody would tell who asks for a while.
    if (!this.#open) this.#tell([...this.#askers]);
    return true;
  }

  /**
   * Reads on as long as somebody asks for it. Never rejects: those who ask are told.
   *
   * @param turn runs work when no other read is under way
   * @param begin opens the read, at its first turn; not when nobody asks any more by then
   */
  async drive(turn: (work: Work) => Promise<void>, begin: () => Promise<OpenRead>): Promise<void> {
    if (this.#isDriven) return;
    this.#isDriven = true;
    this.stoppedAtMs = null;
    do {
      await turn((isOver) => this.#readUntil(isOver, begin));
    } while (this.#isWanted());
    this.#isDriven = false;
    this.stoppedAtMs = this.#clocks.monotonicMs();
    this.#tell([...this.#askers]);
  }

  /** What it holds, between two pieces of reading; null when that cannot be told by the grouping (any more). */
  look(query: ConnectionQuery): Promise<ConnectionPage | null> {
    const { sort, descending, offset, limit, group, groupOffset, groupLimit } = query;
    return this.#turns.run(async () => {
      if (!this.canGroup(group)) return null;
      const read = { id: this.id, readAtMs: this.#readAtMs, ...this.progress };
      const open = this.#open;
      const none = group === null ? null : { by: group, groups: [], total: 0, others: 0 };
      if (!open) return { read, rows: [], offset, groups: none };
      const groups =
        group === null
          ? null
          : decodeGroups(group, await open.groups({ by: group, offset: groupOffset, limit: groupLimit }));
      const { packed, holds, ...names } = await open.rows({ sort, descending, offset, limit });
      const rows = Array.from(holds, (held, index) => decodeConnection(packed, index, names, held));
      return { read, rows, offset, groups };
    });
  }

  /** Gives up what it kept; the last thing that is asked of it. */
  close(): void {
    void this.#turns.run(async () => this.#open?.close());
  }

  async #readUntil(isOver: () => boolean, begin: () => Promise<OpenRead>): Promise<void> {
    try {
      while (this.#isWanted() && !isOver()) {
        if (this.#open) await this.#readOn(this.#open);
        else await this.#begin(begin);
      }
    } catch (thrown) {
      this.hasFailed = true;
      for (const { reject } of this.#askers) reject(thrown);
      this.#askers.clear();
    }
  }

  #begin(begin: () => Promise<OpenRead>): Promise<void> {
    return this.#turns.run(async () => {
      this.#readAtMs = this.#clocks.wallMs();
      this.#open = await begin();
    });
  }

  #isWanted(): boolean {
    const { state, tookMs } = this.progress;
    return state === "reading" && [...this.#askers].some(({ untilMs }) => untilMs > tookMs);
  }

  async #readOn(open: OpenRead): Promise<void> {
    const latestMs = Math.max(...Array.from(this.#askers, ({ untilMs }) => untilMs));
    const leftMs = Math.max(1, Math.ceil(latestMs - open.progress().tookMs));
    const { tookMs } = await this.#turns.run(() => open.run(Math.min(sliceMs, leftMs)));
    // To the last ones it is paused, not still under way: they are told when it is.
    if (this.#isWanted()) this.#tell([...this.#askers].filter(({ untilMs }) => untilMs <= tookMs));
  }

  #tell(askers: readonly Asker[]): void {
    for (const asker of askers) {
      this.#askers.delete(asker);
      asker.resolve();
    }
  }
}
