import type { Change } from "#domain/change";
import type { ConnectionPage, ConnectionQueryInput, ReadProgress } from "#domain/connection";
import type { DoctorReport, FoundManager } from "#domain/doctor";
import type { ErrorParams } from "#domain/errors";
import type { HostInterface } from "#domain/host-interface";
import type { LocalAddress } from "#domain/local-address";
import type { IpvsModules } from "#domain/modules";
import type {
  ApplyOptions,
  JobProgress,
  PendingConfirm,
  Revision,
  RevisionDoer,
  RevisionQuery,
  RevisionTexts,
} from "#domain/revision";
import type { PlainTable } from "#domain/rules/plain-table";
import type { ServiceKey } from "#domain/service";
import type { SyncDaemon, SyncDaemonSpec, SyncRole } from "#domain/sync-daemon";
import type { Sysctl } from "#domain/sysctl";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import type { Timeouts } from "#domain/timeouts";

/**
 * A director: one host's IPVS table and what may be done with it. Two kinds know a table themselves
 * (local.ts over the kernel or over a simulated one), the third asks another process (remote.ts).
 * contract.ts says what every one of them promises. All methods reject with DirectorError.
 *
 * Plain data in and out: counters are decimal strings, so that the same values cross a process boundary.
 */
export interface Director {
  status(): Promise<DirectorStatus>;
  /** The whole table, services in the kernel's order. */
  table(): Promise<ServiceRecord[]>;
  /**
   * How the whole table is set, with its tag: what plans are made on.
   *
   * @param known the tag of a table: when it is the one that was seen last, that is answered and the kernel is not asked.
   *   Whether it still is the table, apply() tells with `ifTable`.
   */
  plainTable(known?: string): Promise<TaggedTable>;
  /** NO_SUCH_SERVICE when there is none. */
  service(key: ServiceKey): Promise<ServiceRecord>;
  /**
   * Does all changes in order, or none: the batch is validated whole (INVALID with every problem, paths start
   * with the change's index), every `expected` is compared under the writer lock (CONFLICT with `current` and
   * `changeIndex`), and when the kernel refuses one, those before it are taken back and the refusal is thrown with
   * its `changeIndex`. Edits keep counters and connections. Answers what each change left behind, read back.
   *
   * A batch of more than one step is journalled before its first write (STORE_FAILED when the disk does not take it), so
   * that a director which was killed in the middle finishes or undoes it when it starts again. CONFLICT without
   * `changeIndex`: the table is not `ifTable`. CANCELLED: somebody called cancel(). ROLLBACK_FAILED names rows that are not
   * as they were found, because another manager moved them meanwhile or the kernel did not take them back. CONFIRM_PENDING:
   * `confirmS` was asked for while another change waits.
   */
  apply(changes: readonly Change[], options?: ApplyOptions): Promise<Applied>;
  /** How far the batch with this jobId is; null once it is over. */
  progress(jobId: string): Promise<JobProgress | null>;
  /** Is there such a batch? It ends at its next chunk, the table as it was found, unless all of it is on its way already. */
  cancel(jobId: string): Promise<boolean>;
  /** The change that waits for its confirmation. */
  pending(): Promise<PendingConfirm | null>;
  /** Keeps the change that waits. NOT_PENDING when it does not (any more). */
  confirm(revision: number): Promise<void>;
  /** Puts back the table before the change that waits, without waiting longer. Rows that others moved since stay; the revision names them. */
  rollBackNow(revision: number, by?: RevisionDoer): Promise<void>;
  /** Newest first, those from outside among them. */
  revisions(query: RevisionQuery): Promise<Revision[]>;
  /** With both tables as rule text. NO_SUCH_REVISION. */
  revision(id: number): Promise<RevisionTexts>;
  /** Keeps the table of now as the one to start with. STORE_FAILED. */
  saveBoot(): Promise<BootStatus>;
  bootStatus(): Promise<BootStatus>;
  /** Counters and rate estimators of one service and its servers, or of all and the totals, to 0. Cannot be undone. */
  zero(service: ServiceKey | null): Promise<void>;
  /** Removes every service. */
  clear(): Promise<void>;
  /**
   * A page of the connection table: rows, groups, and of which read they are. Reads when no held read serves (see
   * ConnectionQuery), for as long as the budget lasts; one read at a time, shared by all who ask for the same. What was
   * asked for by nobody else stops when `signal` aborts. TOO_MANY_READS: too many others wait for their turn.
   */
  connections(query: ConnectionQueryInput, signal?: AbortSignal): Promise<ConnectionPage>;
  /** How far a read is, by its id or by the `asker` of one who waits for it; null when there is none (any more). */
  connectionsProgress(name: string): Promise<ReadProgress | null>;
  /**
   * Ends the asking of that name: others who ask for the same go on. By a read's id the read, unless several wait for it.
   * Was there anything to end?
   */
  cancelConnections(name: string): Promise<boolean>;
  timeouts(): Promise<Timeouts>;
  setTimeouts(timeouts: Timeouts): Promise<Timeouts>;
  daemons(): Promise<SyncDaemon[]>;
  startDaemon(daemon: SyncDaemonSpec): Promise<SyncDaemon[]>;
  stopDaemon(role: SyncRole): Promise<SyncDaemon[]>;
  /** What is wrong with this host, looked at now or a few seconds ago. Never rejects for what the host does: that is a finding. */
  doctor(): Promise<DoctorReport>;
  /** Other programs that write IPVS tables on this host, as of the last 30 s. */
  managers(): Promise<FoundManager[]>;
  /**
   * The addresses that FULLNAT connections of this service leave from. NOT_SUPPORTED, here and in the three below, on a kernel
   * without them; NO_SUCH_SERVICE.
   */
  localAddresses(service: ServiceKey): Promise<LocalAddress[]>;
  /** All or none, as the two below; answers what there is then. INVALID, LOCAL_ADDRESS_EXISTS with `address`. */
  addLocalAddresses(service: ServiceKey, addresses: readonly string[]): Promise<LocalAddress[]>;
  /** INVALID, NO_SUCH_LOCAL_ADDRESS with `address`. */
  removeLocalAddresses(service: ServiceKey, addresses: readonly string[]): Promise<LocalAddress[]>;
  /** Removes every one that there is. */
  flushLocalAddresses(service: ServiceKey): Promise<LocalAddress[]>;
  /** The host's network interfaces by name: what a synchronisation daemon may use. */
  interfaces(): Promise<HostInterface[]>;
  /** Every sysctl of IPVS that this kernel has. */
  sysctls(): Promise<Sysctl[]>;
  /**
   * Sets one until the host starts anew, and answers it read back. CONFLICT, with the sysctl as it is now, when it is not at
   * `expected` any more. INVALID for what the kernel would refuse, NO_SUCH_SYSCTL, SYSCTL_READ_ONLY, SYSCTL_NOT_PERMITTED, and
   * SYSCTL_REFUSED for what the kernel refuses after all.
   */
  setSysctl(name: string, value: string, expected?: string): Promise<Sysctl>;
  /** Schedulers, persistence engines and application helpers: what is loaded and what can be. */
  modules(): Promise<IpvsModules>;
}

/** A table without what moves. */
export interface TaggedTable {
  tag: string;
  /** services in the kernel's order */
  table: PlainTable;
}

/** The record after a change; null when the change removed it. */
export type ChangeResult =
  /** a change of no row in particular: of the whole table, of timeouts, of a daemon */
  | { kind: "table"; record: null }
  | { kind: "service"; record: ServiceRecord | null }
  | { kind: "server"; record: ServerRecord | null };

export interface Applied {
  /** for each change; empty when no records were asked for */
  results: ChangeResult[];
  /** null: nothing is otherwise than before, or the disk did not take the revision */
  revision: number | null;
  /** when the old table comes back unless confirm() comes first, milliseconds since the epoch */
  confirmBy?: number;
}

/** The table that is kept to start with, and how far the table of now is from it. */
export interface BootStatus {
  /** null: none was kept yet */
  savedAtMs: number | null;
  /** lines of the table of now that the kept one lacks, and the other way round; null when none was kept */
  drift: { added: number; removed: number } | null;
  text: string | null;
}

export interface DirectorStatus {
  kind: "kernel" | "simulated";
  /** with `simulated`: why, a code of the catalogue (`asked`, `no-addon`, `no-module`, `no-permission`, `not-linux`) */
  simulatedBecause: { code: string; params: ErrorParams } | null;
  host: string;
  /** the network namespace that was asked for, as a path; null: the one that the director was started in */
  networkNamespace: string | null;
  /** uname -r */
  kernel: string;
  /** IPVS version, "1.2.1" */
  version: string;
  connectionTableSize: number;
  /** whether the kernel has the forwarding method FULLNAT and local addresses; mainline has not */
  fullnat: boolean;
  /** of the host */
  uptimeS: number;
  /** of the director process, wall clock */
  startedAtMs: number;
}
