import type { Command } from "#domain/batch/command";
import type { LocalAddress } from "#domain/local-address";
import type { ServiceKey } from "#domain/service";
import type { SyncDaemon, SyncDaemonSpec, SyncRole } from "#domain/sync-daemon";
import type { TableRow } from "#domain/table";
import type { Timeouts } from "#domain/timeouts";
import type { ConnectionSource } from "./connection-source.ts";

/**
 * What an IPVS kernel does, no more and no less: the commands of its netlink family with their errno,
 * and the whole table as columns. Two kinds: the kernel through the addon (kernel.ts) and one in memory
 * that keeps the same rules (simulated.ts). What a kernel lets through and should not is checked above, in local.ts.
 */
export interface Ipvs {
  readonly kind: "kernel" | "simulated";
  /** its connection table, which no sample reads */
  readonly connections: ConnectionSource;
  /** The whole table. Rejects with IpvsFault. */
  snapshot(): Promise<Snapshot>;
  /** One service (row 0) and its servers; ESRCH when there is none. */
  service(key: ServiceKey): Promise<Snapshot>;
  /** Runs every command in order, also after a refused one; answers null or the refusal for each. */
  write(commands: readonly Command[]): Promise<(Refusal | null)[]>;
  info(): Promise<{ version: string; connectionTableSize: number }>;
  /** The five counters of the whole table, in the order of counterNames: also what went to services since removed. */
  totals(): Promise<BigUint64Array>;
  timeouts(): Promise<Timeouts>;
  /** 0 keeps a value. */
  setTimeouts(timeouts: Timeouts): Promise<void>;
  daemons(): Promise<SyncDaemon[]>;
  startDaemon(daemon: SyncDaemonSpec): Promise<void>;
  stopDaemon(role: SyncRole): Promise<void>;
  /** Is this a FULLNAT kernel? Asked of the kernel once; without it the three below are EOPNOTSUPP. */
  knowsLocalAddresses(): Promise<boolean>;
  /** Empty also when there is no such service. */
  localAddresses(service: ServiceKey): Promise<LocalAddress[]>;
  /** EEXIST when the service has it, ESRCH when there is no such service. */
  addLocalAddress(service: ServiceKey, address: string): Promise<void>;
  /** ENOENT when the service does not have it, ESRCH when there is no such service. */
  removeLocalAddress(service: ServiceKey, address: string): Promise<void>;
  close(): void;
}

/** Every row of the table: each service followed by its servers, in the kernel's order. */
export interface Snapshot {
  /** the same array as in the snapshot before as long as no row came, went or was edited; unchanged rows stay the same objects */
  rows: readonly TableRow[];
  /** five to a row, in the order of counterNames */
  counters: BigUint64Array;
  /** three to a row, in the order of gaugeNames; a service carries the sum of its servers */
  gauges: Uint32Array;
}

/** A refusal by errno: `code` is its name (ESRCH), `message` the kernel's own words or strerror's. */
export interface Refusal {
  code: string;
  errno: number;
  message: string;
}

/** A refusal as an error, with the operation that met it. */
export class IpvsFault extends Error implements Refusal {
  readonly code: string;
  readonly errno: number;
  readonly operation: string;

  constructor(refusal: Refusal, operation: string, cause?: unknown) {
    super(refusal.message, cause === undefined ? undefined : { cause });
    this.name = "IpvsFault";
    this.code = refusal.code;
    this.errno = refusal.errno;
    this.operation = operation;
  }
}
