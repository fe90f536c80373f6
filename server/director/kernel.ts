import { readFile } from "node:fs/promises";
import type { Command } from "#domain/batch/command";
import type { LocalAddress } from "#domain/local-address";
import type { ServiceKey } from "#domain/service";
import type { SyncDaemon, SyncDaemonSpec, SyncRole } from "#domain/sync-daemon";
import type { TableRow } from "#domain/table";
import type { Timeouts } from "#domain/timeouts";
import type { NativeAddon, NativeIpvs } from "./addon.ts";
import { type Ipvs, IpvsFault, type Refusal, type Snapshot } from "./ipvs.ts";
import { KernelConnections } from "./kernel-connections.ts";
import { faulty } from "./native-faults.ts";
import { commandBytes, decodeRows, encodeCommands, encodeService } from "./records.ts";

const roleNumbers = { master: 1, backup: 2 } as const;
/** Named only to ask whether the kernel knows the command: one that does has no local addresses for it. */
const anyService: ServiceKey = { kind: "fwmark", family: 4, mark: 1 };

/** The host's own IPVS, through the addon. Two sockets: an edit never waits behind a dump of the whole table. */
export class KernelIpvs implements Ipvs {
  readonly kind = "kernel";
  readonly connections: KernelConnections;
  readonly #dumps: NativeIpvs;
  readonly #calls: NativeIpvs;
  readonly #totalsFile: string;
  /** The addon takes commands in before write() answers, so that those of the next chunk may stand where these stood. */
  readonly #chunk = new Uint8Array(1000 * commandBytes);
  #knowsLocalAddresses: boolean | undefined;
  #previous: { config: Uint8Array; rows: readonly TableRow[] } | undefined;

  constructor(addon: NativeAddon, options: { timeoutMs?: number; procRoot?: string } = {}) {
    const socket = { timeoutMs: options.timeoutMs ?? 3000 };
    this.#dumps = new addon.Ipvs(socket);
    this.#calls = new addon.Ipvs(socket);
    this.connections = new KernelConnections(addon, options);
    this.#totalsFile = `${options.procRoot ?? "/proc"}/net/ip_vs_stats`;
  }

  async snapshot(): Promise<Snapshot> {
    const dump = await faulty("snapshot", this.#dumps.dump());
    // The addon hands out the array of the dump before when no row was edited.
    const same = this.#previous?.config === dump.config ? this.#previous.rows : null;
    const rows = same ?? decodeRows(dump.config, this.#previous);
    this.#previous = { config: dump.config, rows };
    return { rows, counters: dump.counters, gauges: dump.gauges };
  }

  async service(key: ServiceKey): Promise<Snapshot> {
    const dump = await faulty("service", this.#calls.service(encodeService(key)));
    return { rows: decodeRows(dump.config), counters: dump.counters, gauges: dump.gauges };
  }

  async write(commands: readonly Command[]): Promise<(Refusal | null)[]> {
    if (commands.length === 0) return [];
    return faulty("write", this.#calls.write(encodeCommands(commands, this.#chunk)));
  }

  async info(): Promise<{ version: string; connectionTableSize: number }> {
    const { version, connectionTableSize } = await faulty("info", this.#calls.info());
    return { version: `${version >> 16}.${(version >> 8) & 255}.${version & 255}`, connectionTableSize };
  }

  async totals(): Promise<BigUint64Array> {
    return parseTotals(await readFile(this.#totalsFile, "latin1").catch((error) => Promise.reject(procFault(error))));
  }

  timeouts(): Promise<Timeouts> {
    return faulty("timeouts", this.#calls.timeouts());
  }

  setTimeouts(timeouts: Timeouts): Promise<void> {
    return faulty("set-timeouts", this.#calls.setTimeouts(timeouts));
  }

  async daemons(): Promise<SyncDaemon[]> {
    const daemons = await faulty("daemons", this.#calls.daemons());
    return daemons.map(({ state, ...daemon }) => ({
      ...daemon,
      role: state === roleNumbers.master ? "master" : "backup",
    }));
  }

  startDaemon({ role, ...daemon }: SyncDaemonSpec): Promise<void> {
    return faulty("start-daemon", this.#calls.startDaemon({ ...daemon, state: roleNumbers[role] }));
  }

  stopDaemon(role: SyncRole): Promise<void> {
    return faulty("stop-daemon", this.#calls.stopDaemon(roleNumbers[role]));
  }

  async knowsLocalAddresses(): Promise<boolean> {
    if (this.#knowsLocalAddresses === undefined) {
      try {
        await this.localAddresses(anyService);
        this.#knowsLocalAddresses = true;
      } catch (thrown) {
        // Mainline has no such command. What else may go wrong (no right, no module) says nothing about it.
        if (!(thrown instanceof IpvsFault) || thrown.code !== "EOPNOTSUPP") throw thrown;
        this.#knowsLocalAddresses = false;
      }
    }
    return this.#knowsLocalAddresses;
  }

  async localAddresses(service: ServiceKey): Promise<LocalAddress[]> {
    const found = await faulty("local-addresses", this.#calls.localAddresses(encodeService(service)));
    return found.map((each) => ({ ...each, portConflicts: String(each.portConflicts) }));
  }

  addLocalAddress(service: ServiceKey, address: string): Promise<void> {
    return faulty("add-local-address", this.#calls.addLocalAddress(encodeService(service), address));
  }

  removeLocalAddress(service: ServiceKey, address: string): Promise<void> {
    return faulty("remove-local-address", this.#calls.removeLocalAddress(encodeService(service), address));
  }

  close(): void {
    this.#dumps.close();
    this.#calls.close();
  }
}

/**
 * The third line of /proc/net/ip_vs_stats: five hex numbers, connections, packets in and out, bytes in and out
 * (ip_vs_stats_show, linux net/netfilter/ipvs/ip_vs_ctl.c). Throws IpvsFault EPROTO for anything else.
 */
export function parseTotals(text: string): BigUint64Array {
  const words = text.split("\n")[2]?.trim().split(/\s+/) ?? [];
  if (words.length !== 5 || !words.every((word) => /^[0-9A-Fa-f]{1,16}$/.test(word))) {
    throw new IpvsFault(
      { code: "EPROTO", errno: 71, message: "/proc/net/ip_vs_stats is not in the known form" },
      "totals",
    );
  }
  return BigUint64Array.from(words, (word) => BigInt(`0x${word}`));
}

/** No file: the module is not there, which netlink says as a missing family. */
function procFault(error: NodeJS.ErrnoException): IpvsFault {
  const missing = error.code === "ENOENT";
  return new IpvsFault(
    { code: error.code ?? "EIO", errno: missing ? 2 : 5, message: error.message },
    missing ? "family" : "totals",
    error,
  );
}
