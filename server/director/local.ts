import type { Command } from "#domain/batch/command";
import type { Change } from "#domain/change";
import type { ConnectionPage, ConnectionQueryInput, ReadProgress } from "#domain/connection";
import type { DoctorReport, FoundManager } from "#domain/doctor";
import { DirectorError } from "#domain/errors";
import type { LocalAddress } from "#domain/local-address";
import {
  type ApplyOptions,
  doerSchema,
  type JobProgress,
  type PendingConfirm,
  type Revision,
  type RevisionDoer,
  type RevisionQuery,
  type RevisionTexts,
  revisionQuerySchema,
  tagSchema,
} from "#domain/revision";
import { type ServiceKey, serviceKeySchema } from "#domain/service";
import type { ServiceRecord, TableRow } from "#domain/table";
import { Batches, type BatchLog } from "./batches.ts";
import { bootIdOf } from "./boot-id.ts";
import { BootRules } from "./boot-rules.ts";
import { Chronicle } from "./chronicle.ts";
import { Confirmations } from "./confirmations.ts";
import { ConnectionReads, factsOf, type TableFacts } from "./connection-reads.ts";
import type { Applied, BootStatus, Director, DirectorStatus, TaggedTable } from "./director.ts";
import { Doctor } from "./doctor/doctor.ts";
import { FolderHost, type HostReader } from "./doctor/host-reader.ts";
import type { DrainedWeights } from "./drained-weights.ts";
import { refusalOf } from "./faults.ts";
import { type Host, RootHost } from "./host/host.ts";
import { type Ipvs, IpvsFault } from "./ipvs.ts";
import { LocalAddresses } from "./local-addresses.ts";
import { factsOfHost, type HostFacts, LocalHost } from "./local-host.ts";
import type { DirectorMemory } from "./memory.ts";
import { ProcessMemory } from "./process-memory.ts";
import { readService } from "./read-host.ts";
import { grouped } from "./rows-before.ts";
import { rowsText } from "./rows-text.ts";
import { serviceRecordAt, serviceRecords } from "./service-records.ts";
import { SimulatedDoctorHost } from "./simulated/doctor-host.ts";
import { tableTag } from "./table-tag.ts";
import { TableWriter } from "./table-writer.ts";
import { asked, valid } from "./valid.ts";

export interface LocalDirectorOptions {
  ipvs: Ipvs;
  drained: DrainedWeights;
  simulatedBecause?: DirectorStatus["simulatedBecause"];
  hostFacts?: () => HostFacts;
  /** the network namespace that was asked for (NETNS) */
  networkNamespace?: string | null;
  /** the files around the kernel; without it this machine's, or made-up ones for a simulated kernel */
  host?: Host;
  /** wall clock */
  wallMs?: () => number;
  /** what is remembered of batches; without it, as long as the process lives */
  memory?: DirectorMemory;
  /** where the table to start with is kept (boot.rules) */
  bootFile?: string;
  /** names the life of this table; without it, of this boot or process */
  bootId?: string;
  /** how long the table has to be quiet before a change from outside becomes a revision */
  quietMs?: number;
  /** the files of the host, for the doctor; without it the real ones, or made-up ones where the table is simulated */
  doctorHost?: () => HostReader;
  log?: BatchLog;
  /** what a sample not long ago told of the table, so that a read of its connections need not ask anew */
  sampled?: () => TableFacts | null;
}

const usualQuietMs = 2000;
const noLog: BatchLog = { info: () => {}, error: () => {} };

/**
 * The director of the table in this process. It trusts nobody: everything is checked again here, and everything that
 * writes waits its turn. Taking back a removed service adds it and its servers again, whose counters then start anew.
 *
 * A kept weight that cannot be written (STORE_FAILED) refuses a drain before the weight is touched; nothing else needs the store.
 */
export class LocalDirector extends LocalHost implements Director {
  readonly #ipvs: Ipvs;
  readonly #drained: DrainedWeights;
  readonly #simulatedBecause: DirectorStatus["simulatedBecause"];
  readonly #hostFacts: () => HostFacts;
  readonly #startedAtMs: number;
  readonly #bootRules: BootRules;
  readonly #chronicle: Chronicle;
  readonly #confirmations: Confirmations;
  readonly #writer: TableWriter;
  readonly #doctor: Doctor;
  readonly #localAddresses: LocalAddresses;
  readonly #reads: ConnectionReads;

  constructor({ ipvs, drained, simulatedBecause, hostFacts, ...rest }: LocalDirectorOptions) {
    super(ipvs, rest.host ?? (rest.networkNamespace ? new RootHost("/", { ofNamespace: true }) : undefined));
    const { memory = new ProcessMemory(), bootFile, wallMs = Date.now, quietMs = usualQuietMs, log = noLog } = rest;
    this.#ipvs = ipvs;
    this.#drained = drained;
    this.#simulatedBecause = simulatedBecause ?? null;
    this.#hostFacts = hostFacts ?? (() => factsOfHost(rest.networkNamespace ?? null, this.host.release()));
    this.#startedAtMs = wallMs();
    this.#bootRules = new BootRules(bootFile ?? null);
    const { lock } = this;
    this.#localAddresses = new LocalAddresses(ipvs, lock);
    const bootId = rest.bootId ?? bootIdOf(ipvs.kind);
    // A kernel that does not answer is in the log with every sample that fails.
    const notRemembered = (error: unknown) =>
      error instanceof IpvsFault || log.error({ err: error }, "revisions cannot be kept");
    this.#chronicle = new Chronicle({ ipvs, memory, wallMs, onError: notRemembered });
    const batches = new Batches({ ipvs, drained, memory, chronicle: this.#chronicle, bootId, wallMs, log });
    this.#confirmations = new Confirmations({ batches, memory, lock, wallMs });
    this.#reads = new ConnectionReads({
      source: ipvs.connections,
      table: async () => rest.sampled?.() ?? factsOf(await asked("snapshot", ipvs.snapshot())),
      monotonicMs: () => performance.now(),
      wallMs,
    });
    this.#writer = new TableWriter({
      ...{ ipvs, drained, lock, batches, bootId, quietMs, log },
      ...{ chronicle: this.#chronicle, confirmations: this.#confirmations },
    });
    const made = () => (ipvs.kind === "kernel" ? new FolderHost() : new SimulatedDoctorHost(this.host));
    this.#doctor = new Doctor({ source: this, host: rest.doctorHost ?? made, wallMs });
  }

  async status(): Promise<DirectorStatus> {
    const info = await asked("info", this.#ipvs.info());
    const fullnat = await asked("local-addresses", this.#ipvs.knowsLocalAddresses());
    return {
      kind: this.#ipvs.kind,
      simulatedBecause: this.#simulatedBecause,
      ...this.#hostFacts(),
      ...info,
      fullnat,
      startedAtMs: this.#startedAtMs,
    };
  }

  async table(): Promise<ServiceRecord[]> {
    return serviceRecords(await asked("snapshot", this.#ipvs.snapshot()), this.#drained);
  }

  async plainTable(known?: string): Promise<TaggedTable> {
    const tag = known === undefined ? null : valid(tagSchema, known);
    // What was written here is seen at the end of its turn.
    if (tag !== null) await this.lock.idle();
    const rows = (tag && this.#chronicle.rowsOf(tag)) || (await asked("snapshot", this.#ipvs.snapshot())).rows;
    const table = Array.from(grouped(rows), ({ service: { key, spec }, servers }) => ({ key, spec, servers }));
    return { tag: tableTag(rows), table };
  }

  async service(key: ServiceKey): Promise<ServiceRecord> {
    const checked = valid(serviceKeySchema, key);
    const record = await asked("service", this.#read(checked));
    if (!record) throw new DirectorError("NO_SUCH_SERVICE");
    return record;
  }

  async #read(key: ServiceKey): Promise<ServiceRecord | null> {
    const snapshot = await readService(this.#ipvs, key);
    return snapshot && serviceRecordAt(snapshot, 0, this.#drained);
  }

  /** The weight that a server of weight 0 gets back, or null: for whoever describes rows without asking for records. */
  drainedWeight(serverId: string): number | null {
    return this.#drained.weightOf(serverId);
  }

  /** Finishes or undoes what the process before this one left half way, and notices what happened meanwhile. Never rejects. */
  start(): Promise<void> {
    return this.#writer.start();
  }

  /** The rows of a sample: what others changed becomes a revision. Costs nothing when they are the same array as before. */
  noticed(rows: readonly TableRow[]): void {
    this.#writer.noticed(rows);
  }

  /** No timer goes off any more; settles when nothing is under way. */
  async stop(): Promise<void> {
    this.#writer.stop();
    this.#reads.close();
    await this.lock.idle();
  }

  apply(changes: readonly Change[], options?: ApplyOptions): Promise<Applied> {
    return this.#writer.apply(changes, options);
  }

  async progress(jobId: string): Promise<JobProgress | null> {
    return this.#writer.jobs.progress(jobId);
  }

  async cancel(jobId: string): Promise<boolean> {
    return this.#writer.jobs.cancel(jobId);
  }

  async pending(): Promise<PendingConfirm | null> {
    return this.#confirmations.pending();
  }

  confirm(revision: number): Promise<void> {
    return this.#confirmations.confirm(revision);
  }

  rollBackNow(revision: number, by?: RevisionDoer): Promise<void> {
    return this.#confirmations.rollBackNow(revision, by && valid(doerSchema, by));
  }

  async revisions(query: RevisionQuery): Promise<Revision[]> {
    const checked = valid(revisionQuerySchema, query);
    await this.lock.idle();
    return this.#chronicle.revisions(checked);
  }

  async revision(id: number): Promise<RevisionTexts> {
    await this.lock.idle();
    return this.#chronicle.revision(id);
  }

  async saveBoot(): Promise<BootStatus> {
    return this.lock.run(async () => this.#bootRules.save(await this.#text()));
  }

  async bootStatus(): Promise<BootStatus> {
    return this.#bootRules.status(await this.#text());
  }

  async #text(): Promise<string> {
    const { rows } = await asked("snapshot", this.#ipvs.snapshot());
    return rowsText(rows);
  }

  async zero(service: ServiceKey | null): Promise<void> {
    const key = service === null ? null : valid(serviceKeySchema, service);
    await this.lock.run(() => this.#run({ command: "zero", service: key }));
  }

  async clear(): Promise<void> {
    await this.#writer.apply([{ verb: "clear" }], { records: false }).catch((thrown: unknown) => {
      if (!(thrown instanceof DirectorError)) throw thrown;
      // There is only one change, so its index tells nothing.
      const { changeIndex: _, ...shape } = thrown.shape;
      throw new DirectorError(thrown.code, shape, thrown.cause);
    });
  }

  connections(query: ConnectionQueryInput, signal?: AbortSignal): Promise<ConnectionPage> {
    return this.#reads.page(query, signal);
  }

  async connectionsProgress(name: string): Promise<ReadProgress | null> {
    return this.#reads.progress(name);
  }

  async cancelConnections(name: string): Promise<boolean> {
    return this.#reads.cancel(name);
  }

  async #run(command: Command): Promise<void> {
    const [refusal] = await asked(command.command, this.#ipvs.write([command]));
    if (refusal) throw refusalOf(refusal, command);
  }

  doctor(): Promise<DoctorReport> {
    return this.#doctor.report();
  }

  managers(): Promise<FoundManager[]> {
    return this.#doctor.managers();
  }

  localAddresses(service: ServiceKey): Promise<LocalAddress[]> {
    return this.#localAddresses.list(service);
  }

  addLocalAddresses(service: ServiceKey, addresses: readonly string[]): Promise<LocalAddress[]> {
    return this.#localAddresses.add(service, addresses);
  }

  removeLocalAddresses(service: ServiceKey, addresses: readonly string[]): Promise<LocalAddress[]> {
    return this.#localAddresses.remove(service, addresses);
  }

  flushLocalAddresses(service: ServiceKey): Promise<LocalAddress[]> {
    return this.#localAddresses.flush(service);
  }
}
