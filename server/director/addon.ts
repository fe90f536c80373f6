import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * The native addon as JavaScript sees it (native/addon.cc). Addresses and settings travel as packed rows
 * (native/row.h, records.ts), so that a dump of 11,000 rows is three buffers and no object.
 */
export interface NativeIpvs {
  dump(): Promise<NativeDump>;
  service(row: Uint8Array): Promise<NativeDump>;
  write(commands: Uint8Array): Promise<(NativeFault | null)[]>;
  info(): Promise<{ version: number; connectionTableSize: number }>;
  timeouts(): Promise<{ tcpS: number; tcpFinS: number; udpS: number }>;
  setTimeouts(timeouts: { tcpS: number; tcpFinS: number; udpS: number }): Promise<void>;
  daemons(): Promise<NativeDaemon[]>;
  startDaemon(daemon: {
    state: number;
    interface: string;
    syncId: number;
    maxLength?: number | undefined;
    group?: string | undefined;
    port?: number | undefined;
    ttl?: number | undefined;
  }): Promise<void>;
  stopDaemon(state: number): Promise<void>;
  localAddresses(row: Uint8Array): Promise<{ address: string; portConflicts: bigint; connections: number }[]>;
  addLocalAddress(row: Uint8Array, address: string): Promise<void>;
  removeLocalAddress(row: Uint8Array, address: string): Promise<void>;
  close(): void;
}

export interface NativeDump {
  rows: number;
  /** rows × 96 bytes */
  config: Uint8Array;
  /** rows × 5 */
  counters: BigUint64Array;
  /** rows × 3 */
  gauges: Uint32Array;
  messages: number;
  receives: number;
  workerNs: number;
}

export interface NativeFault {
  code: string;
  errno: number;
  message: string;
}

export interface NativeDaemon {
  state: number;
  interface: string;
  syncId: number;
  maxLength: number;
  group: string;
  port: number;
  ttl: number;
}

/** One read of the connection table (native/addon-connections.h). open() before all else; errors as those of NativeIpvs. */
export interface NativeConnectionRead {
  open(): Promise<void>;
  run(budgetMs: number): Promise<NativeProgress>;
  progress(): NativeProgress;
  cancel(): void;
  /** @param sort index into connectionSorts, -1 for the table's order */
  rows(sort: number, descending: boolean, offset: number, limit: number): Promise<NativeRows>;
  /** @param group index into connectionGroupings, -1 for none; another one than the read's groups what is held */
  groups(group: number, offset: number, limit: number): Promise<NativeGroups>;
  close(): void;
}

export interface NativeReadOptions {
  path: string;
  /** the file is ip_vs_conn_sync */
  hasOrigin: boolean;
  /** instead of connections */
  wantsTemplates: boolean;
  /** none: all */
  protocols: number[];
  /** none: all */
  states: string[];
  client?: NativePattern;
  virtual?: NativePattern;
  server?: NativePattern;
  any?: NativePattern;
  /** -1 any, 0 local, 1 sync */
  origin: -1 | 0 | 1;
  /** index into connectionGroupings, -1 for none */
  group: number;
  maxHeld: number;
  maxGroups: number;
  /** services × 24 bytes: `PersistentService` of native/template-holds.h */
  persistent: Uint8Array;
}

export interface NativePattern {
  /** 0: any address, with no bytes */
  family: 0 | 4 | 6;
  bytes: Uint8Array;
  prefix: number;
  /** -1: any */
  port: number;
}

export interface NativeProgress {
  /** reading, paused, complete, cancelled */
  state: 0 | 1 | 2 | 3;
  rowsRead: number;
  /** lines that are in none of the known forms */
  unknownLines: number;
  matched: number;
  held: number;
  tookMs: number;
}

export interface NativeRows {
  /** rows × 64 bytes */
  packed: Uint8Array;
  states: string[];
  engines: string[];
  holds: Uint32Array;
}

export interface NativeGroups {
  /** groups × 64 bytes */
  packed: Uint8Array;
  counts: Float64Array;
  states: string[];
  total: number;
  others: number;
}

export interface NativeAddon {
  Ipvs: new (options?: { timeoutMs?: number; receiveBufferBytes?: number }) => NativeIpvs;
  ConnectionRead: new (options: NativeReadOptions) => NativeConnectionRead;
  /**
   * Moves the calling thread into the network namespace of that path (native/netns.h), and has the descriptor `keptOpen`
   * outlive an execve(2); throws with `code` and `step`.
   */
  enterNetworkNamespace(path: string, keptOpen?: number): void;
  rowBytes: number;
  commandBytes: number;
  connectionRowBytes: number;
  persistentServiceBytes: number;
}

/** Loads build/Release/ipvs.node; throws what require() throws when it was not built or not for this machine. */
export function loadAddon(): NativeAddon {
  const require = createRequire(import.meta.url);
  return require(fileURLToPath(new URL("../../build/Release/ipvs.node", import.meta.url))) as NativeAddon;
}
