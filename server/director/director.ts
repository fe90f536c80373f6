import type { Change } from "#domain/change";
import type { ErrorParams } from "#domain/errors";
import type { ServiceKey } from "#domain/service";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import type { SyncDaemon, SyncDaemonSpec, SyncRole, Timeouts } from "./ipvs.ts";

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
  /** NO_SUCH_SERVICE when there is none. */
  service(key: ServiceKey): Promise<ServiceRecord>;
  /**
   * Does all changes in order, or none: the batch is validated whole (INVALID with every problem, paths start
   * with the change's index), every `expected` is compared under the writer lock (CONFLICT with `current` and
   * `changeIndex`), and when the kernel refuses one, those before it are taken back and the refusal is thrown with
   * its `changeIndex`. Edits keep counters and connections. Answers what each change left behind, read back.
   */
  apply(changes: readonly Change[]): Promise<ChangeResult[]>;
  /** Counters and rate estimators of one service and its servers, or of all and the totals, to 0. Cannot be undone. */
  zero(service: ServiceKey | null): Promise<void>;
  /** Removes every service. */
  clear(): Promise<void>;
  timeouts(): Promise<Timeouts>;
  setTimeouts(timeouts: Timeouts): Promise<Timeouts>;
  daemons(): Promise<SyncDaemon[]>;
  startDaemon(daemon: SyncDaemonSpec): Promise<SyncDaemon[]>;
  stopDaemon(role: SyncRole): Promise<SyncDaemon[]>;
}

/** The record after a change; null when the change removed it. */
export type ChangeResult =
  | { kind: "service"; record: ServiceRecord | null }
  | { kind: "server"; record: ServerRecord | null };

export interface DirectorStatus {
  kind: "kernel" | "simulated";
  /** with `simulated`: why, a code of the catalogue (`asked`, `no-addon`, `no-module`, `no-permission`, `not-linux`) */
  simulatedBecause: { code: string; params: ErrorParams } | null;
  host: string;
  /** uname -r */
  kernel: string;
  /** IPVS version, "1.2.1" */
  version: string;
  connectionTableSize: number;
  /** of the host */
  uptimeS: number;
  /** of the director process, wall clock */
  startedAtMs: number;
}
