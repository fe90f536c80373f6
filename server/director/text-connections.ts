import type { ReadProgress } from "#domain/connection";
import type { ConnectionGrouping } from "#domain/connection-query";
import { GroupCounts } from "#domain/connections/group";
import { connectionMatcher } from "#domain/connections/match";
import { rowOrder } from "#domain/connections/order";
import { connectionRowBytes, rowAt, rowBit, viewOf } from "#domain/connections/packed-row";
import { newReadNames, readConnectionLine } from "#domain/connections/read-line";
import { TemplateHolds } from "#domain/connections/template-holds";
import type { GroupOrder, HeldGroups, HeldRows, OpenRead, ReadPlan, RowOrder } from "./connection-source.ts";
import { countHeld } from "./regrouping.ts";

/** Text as it comes from a file, cut anywhere. */
export type TextChunks = AsyncIterator<string, void, undefined>;

/**
 * A read over the text of /proc/net/ip_vs_conn, in plain TypeScript: what the simulated director reads its made-up table
 * with, and what the addon's reader has to agree with row by row.
 */
export class TextConnections implements OpenRead {
  readonly #plan: ReadPlan;
  readonly #chunks: TextChunks;
  readonly #monotonicMs: () => number;
  readonly #hasOrigin: boolean;
  readonly #names = newReadNames();
  readonly #matches: (row: DataView) => boolean;
  readonly #groups: GroupCounts | null;
  readonly #holds: TemplateHolds;
  readonly #row = new DataView(new ArrayBuffer(connectionRowBytes));
  readonly #rowBytes = new Uint8Array(this.#row.buffer);
  #held = new Uint8Array(256 * connectionRowBytes);
  #progress: ReadProgress;
  #runningSinceMs: number | null = null;
  #cancelled = false;
  #rest = "";
  #order: { of: string; rows: Uint32Array } | null = null;
  #regrouping: { by: ConnectionGrouping; rowsRead: number; counts: GroupCounts } | null = null;

  constructor(plan: ReadPlan, chunks: TextChunks, monotonicMs: () => number = () => performance.now()) {
    this.#plan = plan;
    this.#chunks = chunks;
    this.#monotonicMs = monotonicMs;
    this.#hasOrigin = plan.filter.origin !== undefined;
    this.#matches = connectionMatcher(plan.filter, this.#names.states.texts);
    this.#groups = plan.group === null ? null : new GroupCounts(plan.group, plan.maxGroups);
    this.#holds = new TemplateHolds(plan.filter.kind === "templates" ? plan.persistent : []);
    const { rowsExpected } = plan;
    this.#progress = { state: "paused", rowsRead: 0, rowsExpected, matched: 0, held: 0, tookMs: 0 };
  }

  async run(budgetMs: number): Promise<ReadProgress> {
    const { state } = this.#progress;
    if (state !== "paused") return this.progress();
    const startedMs = this.#monotonicMs();
    this.#runningSinceMs = startedMs;
    this.#progress.state = "reading";
    this.#order = null;
    try {
      this.#progress.state = await this.#readUntil(startedMs + budgetMs);
    } catch (thrown) {
      this.#progress.state = "cancelled";
      throw thrown;
    } finally {
      this.#progress.tookMs += this.#monotonicMs() - startedMs;
      this.#runningSinceMs = null;
    }
    return this.progress();
  }

  progress(): ReadProgress {
    const runningMs = this.#runningSinceMs === null ? 0 : this.#monotonicMs() - this.#runningSinceMs;
    return { ...this.#progress, tookMs: this.#progress.tookMs + runningMs };
  }

  cancel(): void {
    this.#cancelled = true;
    if (this.#progress.state === "paused") this.#progress.state = "cancelled";
  }

  async rows({ sort, descending, offset, limit }: RowOrder): Promise<HeldRows> {
    const { texts: states } = this.#names.states;
    const of = `${sort} ${descending}`;
    if (this.#order?.of !== of) {
      this.#order = { of, rows: rowOrder(this.#held, this.#progress.held, { sort, descending }, states) };
    }
    const chosen = this.#order.rows.subarray(offset, offset + limit);
    const packed = new Uint8Array(chosen.length * connectionRowBytes);
    const holds = new Uint32Array(chosen.length);
    chosen.forEach((place, index) => {
      const at = place * connectionRowBytes;
      packed.set(this.#held.subarray(at, at + connectionRowBytes), index * connectionRowBytes);
      const row = viewOf(this.#held, place);
      if (row.getUint32(rowAt.bits, true) & rowBit.template) holds[index] = this.#holds.of(row);
    });
    return { packed, states, engines: this.#names.engines.texts, holds };
  }

  async groups({ by, ...range }: GroupOrder): Promise<HeldGroups> {
    const counts = this.#groups && by === this.#plan.group ? this.#groups : await this.#regrouped(by);
    const { texts: states } = this.#names.states;
    return { ...counts.largest(states, range), states, total: counts.total, others: counts.others };
  }

  /** What is held, by another grouping than it was read with; made again when more was read since. */
  async #regrouped(by: ConnectionGrouping): Promise<GroupCounts> {
    const { rowsRead } = this.#progress;
    if (this.#regrouping?.by === by && this.#regrouping.rowsRead === rowsRead) return this.#regrouping.counts;
    const counts = await countHeld(this, by, this.#plan.maxGroups);
    this.#regrouping = { by, rowsRead, counts };
    return counts;
  }

  close(): void {
    this.cancel();
    this.#held = new Uint8Array(0);
    this.#progress.held = 0;
    this.#order = null;
    void this.#chunks.return?.();
  }

  async #readUntil(endMs: number): Promise<"cancelled" | "complete" | "paused"> {
    while (!this.#cancelled) {
      const { done, value } = await this.#chunks.next();
      // A line without its end is none.
      if (done) return "complete";
      const lines = (this.#rest + value).split("\n");
      this.#rest = lines.pop() ?? "";
      for (const line of lines) this.#take(line);
      if (this.#monotonicMs() >= endMs) return "paused";
    }
    return "cancelled";
  }

  #take(line: string): void {
    const row = this.#row;
    if (!readConnectionLine(line, this.#hasOrigin, this.#names, row)) return;
    const progress = this.#progress;
    progress.rowsRead++;
    if (this.#plan.filter.kind === "templates" && !(row.getUint32(rowAt.bits, true) & rowBit.template)) {
      this.#holds.add(row);
      return;
    }
    if (!this.#matches(row)) return;
    progress.matched++;
    this.#groups?.add(row);
    if (progress.held < this.#plan.maxHeld) this.#hold();
  }

  #hold(): void {
    const at = this.#progress.held * connectionRowBytes;
    if (at === this.#held.length) {
      const larger = new Uint8Array(this.#held.length * 2);
      larger.set(this.#held);
      this.#held = larger;
    }
    this.#held.set(this.#rowBytes, at);
    this.#progress.held++;
  }
}
