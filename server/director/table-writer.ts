import { type Change, changesSchema, type Verb } from "#domain/change";
import { DirectorError } from "#domain/errors";
import { type ApplyOptions, applyOptionsSchema } from "#domain/revision";
import type { TableRow } from "#domain/table";
import type { Batches, BatchLog, Written } from "./batches.ts";
import { changeResults } from "./change-results.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Confirmations } from "./confirmations.ts";
import type { Applied } from "./director.ts";
import type { DrainedWeights } from "./drained-weights.ts";
import type { Ipvs } from "./ipvs.ts";
import { type Job, Jobs } from "./jobs.ts";
import { planBatch } from "./plan-batch.ts";
import { readHost, wantedBy } from "./read-host.ts";
import { tableTag } from "./table-tag.ts";
import { asked, valid } from "./valid.ts";
import type { WriterLock } from "./writer-lock.ts";

export interface TableWriterOptions {
  ipvs: Ipvs;
  drained: DrainedWeights;
  lock: WriterLock;
  batches: Batches;
  chronicle: Chronicle;
  confirmations: Confirmations;
  bootId: string;
  /** how long the table has to be quiet before a change from outside becomes a revision */
  quietMs: number;
  log: BatchLog;
}

/** What a director does to its table: batches one after the other, each with its revision, and a look at what others did. */
export class TableWriter {
  readonly jobs = new Jobs();
  readonly #options: TableWriterOptions;
  #noticed: readonly TableRow[] | null = null;
  #quiet: NodeJS.Timeout | undefined;

  constructor(options: TableWriterOptions) {
    this.#options = options;
  }

  /** What an earlier process left half way is finished or undone, and what happened meanwhile becomes a revision. Never rejects. */
  async start(): Promise<void> {
    const { lock, batches, confirmations, bootId, chronicle, log } = this.#options;
    const tried = (work: Promise<unknown>) =>
      work.catch((error: unknown) => log.error({ err: error }, "what the process before remembered cannot be used"));
    await lock.run(async () => {
      await tried(batches.recover().then((written) => written?.complete()));
      await tried(confirmations.recover(bootId));
      await chronicle.look();
    });
  }

  async apply(changes: readonly Change[], options: ApplyOptions = {}): Promise<Applied> {
    const how = valid(applyOptionsSchema, options);
    const checked = valid(changesSchema, changes);
    const job = this.jobs.begin(how.jobId, checked.length);
    let complete = async () => {};
    try {
      return await this.#options.lock.run(
        async () => {
          const written = await this.#write(checked, how, job);
          complete = written.complete;
          const { revision, armed } = written;
          const results = how.records === false ? [] : await this.#resultsOf(checked);
          return { results, revision, ...(armed ? { confirmBy: armed.confirmBy } : {}) };
        },
        async () => {
          // The answer goes out first.
          await new Promise(setImmediate);
          await complete();
        },
      );
    } finally {
      job.end();
    }
  }

  /** The rows of a sample. Whether they are another's doing is looked at once the table is quiet, and never while a batch is half way. */
  noticed(rows: readonly TableRow[]): void {
    const { batches, chronicle, lock, quietMs } = this.#options;
    this.#noticed = rows;
    const isSettled = () => !batches.hasLeftovers && this.#noticed !== null && chronicle.knows(this.#noticed);
    if (this.#quiet || isSettled()) return;
    const look = async () => {
      await this.#settleLeftovers();
      if (!isSettled()) await chronicle.look();
    };
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      // A kernel that does not answer is in the log already, with every sample that fails.
      lock.run(look).catch(() => {});
    }, quietMs);
  }

  stop(): void {
    clearTimeout(this.#quiet);
    this.#options.confirmations.stop();
  }

  async #write(changes: Change[], how: ApplyOptions, job: Job): Promise<Written> {
    const { ipvs, drained, batches, confirmations } = this.#options;
    await this.#settleLeftovers();
    if (job.isCancelled) throw new DirectorError("CANCELLED");
    await this.#refuseFullnat(changes);
    const wanted = { ...wantedBy(changes), rows: how.ifTable !== undefined };
    const reading = await asked("service", readHost(ipvs, wanted, drained));
    if (how.ifTable !== undefined && tableTag(reading.rows ?? []) !== how.ifTable) throw new DirectorError("CONFLICT");
    if (how.confirmS !== undefined && confirmations.pending()) throw new DirectorError("CONFIRM_PENDING");
    const plan = planBatch(changes, reading.host, (id) => reading.record(id), drained);
    const request = {
      by: how.by ?? ({ name: "", source: "console" } as const),
      note: how.note?.trim() || null,
      what: counted(changes),
      confirmS: how.confirmS ?? null,
    };
    const written = await batches.write(plan, request, job);
    if (written.armed) confirmations.arm(written.armed);
    return written;
  }

  /** A kernel without it takes the number all the same, and clients get no answer. */
  async #refuseFullnat(changes: Change[]): Promise<void> {
    const changeIndex = changes.findIndex(makesFullnat);
    if (changeIndex < 0 || (await asked("local-addresses", this.#options.ipvs.knowsLocalAddresses()))) return;
    throw new DirectorError("NOT_SUPPORTED", { changeIndex, field: "forward" });
  }

  async #resultsOf(changes: Change[]): Promise<Applied["results"]> {
    const { ipvs, drained } = this.#options;
    return changeResults(changes, await asked("service", readHost(ipvs, wantedBy(changes), drained)));
  }

  async #settleLeftovers(): Promise<void> {
    const written = await this.#options.batches.settleLeftovers();
    if (written?.armed) this.#options.confirmations.arm(written.armed);
    await written?.complete();
  }
}

function makesFullnat(change: Change): boolean {
  return (change.verb === "add-server" || change.verb === "edit-server") && change.server.forward === "fullnat";
}

function counted(changes: readonly Change[]): Partial<Record<Verb, number>> {
  const counts: Partial<Record<Verb, number>> = {};
  for (const { verb } of changes) counts[verb] = (counts[verb] ?? 0) + 1;
  return counts;
}
