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

export interface NativeAddon {
  Ipvs: new (options?: { timeoutMs?: number; receiveBufferBytes?: number }) => NativeIpvs;
  rowBytes: number;
  commandBytes: number;
}

/** Loads build/Release/ipvs.node; throws what require() throws when it was not built or not for this machine. */
export function loadAddon(): NativeAddon {
  const require = createRequire(import.meta.url);
  return require(fileURLToPath(new URL("../../build/Release/ipvs.node", import.meta.url))) as NativeAddon;
}
