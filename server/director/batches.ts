import { asDirectorError } from "#domain/errors";
import type { RevisionDoer } from "#domain/revision";
import type { TableRow } from "#domain/table";
import { failureOf } from "./batch-failure.ts";
import type { Chronicle } from "./chronicle.ts";
import type { DrainedChanges, DrainedWeights } from "./drained-weights.ts";
import { toDirectorError } from "./faults.ts";
import type { Ipvs } from "./ipvs.ts";
import type { Job } from "./jobs.ts";
import type { ArmedEntry, DirectorMemory, JournalEntry, NewRevision, Settlement } from "./memory.ts";
import type { Plan } from "./plan-batch.ts";
import { rowsBefore } from "./rows-before.ts";
import { type Ran, runBatch } from "./run-batch.ts";
import { weightChanges } from "./weight-changes.ts";

/** What the log is told of batches, and of what could not be remembered of them. */
export interface BatchLog {
  info(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface BatchesOptions {
  ipvs: Ipvs;
  drained: DrainedWeights;
  memory: DirectorMemory;
  chronicle: Chronicle;
  /** names the life of this table (boot-id.ts) */
  bootId: string;
  wallMs: () => number;
  log: BatchLog;
}

/** What is known of a batch before it is written. */
export type Request = Pick<JournalEntry, "by" | "note" | "what" | "confirmS">;

export interface Written {
  revision: number | null;
  /** the batch waits for its confirmation from now on */
  armed: ArmedEntry | null;
  /** tells the tables of the revision: still in the same turn, though nobody has to wait for it */
  complete: () => Promise<void>;
}

const itself: RevisionDoer = { name: "", source: "console" };
const nothing = async () => {};

/**
 * Writes batches and puts them back, with all that is remembered of them: the journal before, the revision after, the
 * weights of drained servers beside. All methods are called under the writer lock.
 */
export class Batches {
  readonly #options: BatchesOptions;
  /** its journal stays on disk, because the kernel did not answer */
  #unsettled: JournalEntry | null = null;
  /** a batch is over, and the disk did not take that */
  #isJournalStale = false;
  #notRemembered: unknown = null;

  constructor(options: BatchesOptions) {
    this.#options = options;
  }

  /** Writes a planned batch, all of it or nothing. Rejects with DirectorError when it was not done. */
  async write(plan: Plan, request: Request, job: Job): Promise<Written> {
    const { drained, bootId, memory, wallMs } = this.#options;
    const weights = weightChanges(plan, drained);
    if (weights.keep.size > 0) await drained.write(weights.keep);
    const entry: JournalEntry = { ...request, bootId, moves: plan.moves, drained: weights.before, atMs: wallMs() };
    let isJournalled = false;
    const ran = await runBatch({
      ...this.#kernel(),
      begin: { event: "start" },
      // One step takes the whole table, and the way back from it is only what is kept.
      batch: {
        steps: plan.steps,
        trails: () => plan.moves.trails(),
        journalAlways: request.confirmS !== null || "clear" in request.what,
      },
      journal: async () => {
        await memory.begin(entry);
        isJournalled = true;
      },
      job,
    });
    const failure = failureOf(ran, plan);
    if (failure) {
      await this.#failed(ran, entry, isJournalled);
      throw failure;
    }
    if (weights.forget.size > 0) await this.#forgiving(weights.forget);
    return this.#done(entry, [], isJournalled);
  }

  /** Finishes with what an earlier process, or a kernel that did not answer, left half way. */
  async recover(): Promise<Written | null> {
    const { memory, bootId, log } = this.#options;
    const entry = await memory.writing();
    if (!entry) return null;
    if (entry.bootId === bootId) return this.#resume(entry);
    log.info({ atMs: entry.atMs, by: entry.by }, "a batch was cut short before this boot: its table is gone with it");
    await this.#settle({ writing: "forget" });
    return null;
  }

  get hasLeftovers(): boolean {
    return this.#unsettled !== null || this.#isJournalStale;
  }

  /** Rejects when what was left half way still cannot be settled. */
  async settleLeftovers(): Promise<Written | null> {
    if (this.#isJournalStale) await this.#settle({ writing: "forget" });
    return this.#unsettled ? this.#resume(this.#unsettled) : null;
  }

  /** Puts everything back that `armed` moved; rejects, and keeps it armed, while the kernel does not answer. */
  async putBack(armed: ArmedEntry, by: RevisionDoer = itself): Promise<Written> {
    const { ipvs, wallMs, log } = this.#options;
    const { rows } = await ipvs
      .snapshot()
      .catch((thrown: unknown) => Promise.reject(toDirectorError(thrown, "snapshot")));
    const batch = { steps: [], trails: () => armed.moves.trails() };
    const ran = await runBatch({ ...this.#kernel(), batch, begin: { event: "put-back" }, journal: nothing });
    const { outcome } = ran;
    if (outcome.kind === "unsettled") throw toDirectorError(ran.thrown, "write");
    const left = outcome.kind === "undone" ? outcome.left : [];
    await this.#forgiving(new Map(armed.drained));
    log.info({ revision: armed.revision, by, left }, "the table before an unconfirmed change is back");
    const add: NewRevision = {
      ...{ atMs: wallMs(), by, note: null, what: {}, outcome: "done", left, undoes: armed.revision },
    };
    const id = await this.#settle({ add, armed: "forget", outcome: { id: armed.revision, outcome: "put-back", left } });
    return { revision: id, armed: null, complete: this.#completing(id, () => rows) };
  }

  async #resume(entry: JournalEntry): Promise<Written> {
    const { log } = this.#options;
    const batch = { steps: [], trails: () => entry.moves.trails() };
    const ran = await runBatch({ ...this.#kernel(), batch, begin: { event: "recover" }, journal: nothing });
    const { outcome } = ran;
    this.#unsettled = outcome.kind === "unsettled" ? entry : null;
    if (outcome.kind === "unsettled") throw toDirectorError(ran.thrown, "write");
    const left = outcome.kind === "done" ? outcome.moved : outcome.left;
    log.info({ outcome: outcome.kind, by: entry.by, atMs: entry.atMs, left }, "a batch was cut short");
    if (outcome.kind === "done") return this.#done(entry, left, true);
    await this.#forgiving(new Map(entry.drained));
    return this.#undone(entry, left, true);
  }

  async #failed({ outcome }: Ran, entry: JournalEntry, isJournalled: boolean): Promise<void> {
    if (outcome.kind === "unsettled") {
      if (isJournalled) this.#unsettled = entry;
      return;
    }
    const left = outcome.kind === "undone" ? outcome.left : [];
    if (left.length === 0) {
      // What may be drained after all must find its weight again.
      await this.#forgiving(new Map(entry.drained));
      if (isJournalled) await this.#settle({ writing: "forget" });
    } else await (await this.#undone(entry, left, isJournalled)).complete();
  }

  async #undone(entry: JournalEntry, left: string[], isJournalled: boolean): Promise<Written> {
    const revision = await this.#settle({
      add: { ...told(entry), outcome: "undone", left, undoes: null },
      ...(isJournalled ? { writing: "forget" } : {}),
    });
    return {
      revision,
      armed: null,
      complete: this.#completing(revision, (after) => rowsBefore(after, entry.moves.trails())),
    };
  }

  async #done(entry: JournalEntry, left: string[], isJournalled: boolean): Promise<Written> {
    const { confirmS } = entry;
    if (!movesSomething(entry)) {
      if (isJournalled) await this.#settle({ writing: "forget" });
      return { revision: null, armed: null, complete: nothing };
    }
    const confirmBy = confirmS === null ? null : entry.atMs + confirmS * 1000;
    const outcome = confirmBy === null ? "done" : "waiting";
    const revision = await this.#settle({
      add: { ...told(entry), outcome, left, undoes: null },
      ...(isJournalled ? { writing: confirmBy === null ? "forget" : { confirmBy } } : {}),
    });
    const complete = this.#completing(revision, (after) => rowsBefore(after, entry.moves.trails()));
    if (confirmBy === null) return { revision, armed: null, complete };
    if (revision !== null) return { revision, armed: { ...entry, revision, confirmBy }, complete };
    // A deadline that no restart would know of is none.
    this.#unsettled = entry;
    const batch = { steps: [], trails: () => entry.moves.trails() };
    const ran = await runBatch({ ...this.#kernel(), batch, begin: { event: "put-back" }, journal: nothing });
    if (ran.outcome.kind !== "unsettled") this.#unsettled = null;
    throw asDirectorError(this.#notRemembered);
  }

  #completing(
    revision: number | null,
    before: (after: readonly TableRow[]) => readonly TableRow[],
  ): Written["complete"] {
    if (revision === null) return nothing;
    const { chronicle } = this.#options;
    const after = chronicle.rows();
    return () => chronicle.complete(revision, after, before);
  }

  /** The table has been written already: a disk that does not take what is to be said of it is for the log. */
  async #settle(settlement: Settlement): Promise<number | null> {
    const { memory, log } = this.#options;
    try {
      const id = await memory.settle(settlement);
      if (settlement.writing) this.#isJournalStale = false;
      return id;
    } catch (error) {
      if (settlement.writing) this.#isJournalStale = true;
      this.#notRemembered = error;
      log.error({ err: error }, "a change of the table cannot be remembered");
      return null;
    }
  }

  /** A weight that stays kept too long does no harm: it is not told while the server has one. The store logs why. */
  async #forgiving(changes: DrainedChanges): Promise<void> {
    if (changes.size > 0) await this.#options.drained.write(changes).catch(() => {});
  }

  #kernel() {
    return { ipvs: this.#options.ipvs, drained: this.#options.drained };
  }
}

const told = ({ atMs, by, note, what }: JournalEntry) => ({ atMs, by, note, what });

/** Does the batch leave anything otherwise than it found it? Counters set to 0 are something. */
function movesSomething({ moves, what }: JournalEntry): boolean {
  return what.zero !== undefined || moves.moveSomething();
}
