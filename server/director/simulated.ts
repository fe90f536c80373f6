import { familyOf } from "#domain/address";
import type { Command } from "#domain/batch/command";
import type { LocalAddress } from "#domain/local-address";
import { type ServiceKey, serviceFamily, serviceId } from "#domain/service";
import type { SyncDaemon, SyncDaemonSpec, SyncRole } from "#domain/sync-daemon";
import type { Timeouts } from "#domain/timeouts";
import { type Ipvs, IpvsFault, type Refusal, type Snapshot } from "./ipvs.ts";
import { SimulatedConnections } from "./simulated/connections.ts";
import { type Errno, refusal } from "./simulated/errno.ts";
import { defaultHost, type SimulatedHost } from "./simulated/host.ts";
import { addLocalAddress, listLocalAddresses, removeLocalAddress } from "./simulated/local-addresses.ts";
import { jiffiesPerS, perform } from "./simulated/rules.ts";
import { type SeedTable, usualTable } from "./simulated/seed-table.ts";
import type { ServiceState } from "./simulated/state.ts";
import { SyncDaemons } from "./simulated/sync-daemons.ts";
import { SimulatedTable } from "./simulated/table.ts";
import { Traffic } from "./simulated/traffic.ts";
import { arrive } from "./simulated/wire-form.ts";

export { largeTable, usualTable, withConnections } from "./simulated/seed-table.ts";

export interface SimulatedOptions {
  /** the same seed, clock and commands give the same table and traffic */
  seed: number;
  /** milliseconds on a clock that never jumps; read at each call and nowhere else */
  now: () => number;
  /** what there is at the start; without it one of everything */
  table?: SeedTable;
  host?: SimulatedHost;
  /** whether it is a FULLNAT kernel, with local addresses; false as in mainline */
  fullnat?: boolean;
  /** its connection table is read no faster than this */
  rowsPerSecond?: number | null;
}

/** How a simulated kernel can be made to fail: an errno of every call, or the family that a module unload takes away. */
export type SimulatedFailure = Errno | "ENOENT-family";

/** How long its clients have been there when a simulated kernel starts, so that gauges are not at 0. */
const pastMs = 600_000;
/** Most of that past is told roughly, its last minute second by second. */
const pastStrides = 10;
const recentMs = 60_000;
const longestTimeoutS = Math.floor(2_147_483_647 / jiffiesPerS);

/**
 * An IPVS kernel in memory: the rules and errno of Linux 6.1, and clients that really follow scheduler, weights,
 * thresholds, persistence and quiescence (simulated/traffic.ts). It has no timer: it catches up with its clock
 * when it is asked. Counters move every 2 s, gauges every second.
 */
export class SimulatedIpvs implements Ipvs {
  readonly kind = "simulated";
  readonly connections: SimulatedConnections;
  readonly #now: () => number;
  readonly #host: SimulatedHost;
  readonly #table: SimulatedTable;
  readonly #traffic: Traffic;
  readonly #daemons: SyncDaemons;
  readonly #fullnat: boolean;
  #timeouts: Timeouts = { tcpS: 900, tcpFinS: 120, udpS: 300 };
  #failure: SimulatedFailure | null = null;

  constructor(options: SimulatedOptions) {
    const { seed, now, table = usualTable, host = defaultHost, fullnat = false, rowsPerSecond = null } = options;
    this.#now = now;
    this.#host = host;
    this.#fullnat = fullnat;
    this.#table = new SimulatedTable(seed);
    this.#daemons = new SyncDaemons(host);
    const startMs = now();
    const ground = {
      services: () => this.#table.services(),
      trash: () => this.#table.trash.servers(),
      timeouts: () => this.#timeouts,
      counters: this.#table.counters,
      totalsSlot: this.#table.totalsSlot,
    };
    this.#traffic = new Traffic(ground, startMs - pastMs);
    const isBackup = () => this.#daemons.list().some(({ role }) => role === "backup");
    const caughtUp = () => {
      this.#catchUp("connections");
      return this.#traffic.atMs;
    };
    this.connections = new SimulatedConnections({ ...ground, isBackup }, caughtUp, rowsPerSecond);
    this.#fill(table, startMs);
  }

  /** Servers looked at for traffic so far: what the simulation costs, told without a clock. */
  get visits(): number {
    return this.#traffic.visits;
  }

  /** From now on every call is refused like this, as after a module unload or without the right; null ends it. */
  fail(failure: SimulatedFailure | null): void {
    this.#failure = failure;
  }

  async snapshot(): Promise<Snapshot> {
    this.#catchUp("snapshot");
    return this.#table.snapshot();
  }

  async service(key: ServiceKey): Promise<Snapshot> {
    this.#catchUp("service");
    const service = this.#find(key);
    if (!service) throw new IpvsFault(refusal("ESRCH"), "service");
    return this.#table.snapshotOf(service);
  }

  async write(commands: readonly Command[]): Promise<(Refusal | null)[]> {
    this.#catchUp("write");
    return this.#perform(commands);
  }

  async info(): Promise<{ version: string; connectionTableSize: number }> {
    this.#catchUp("info");
    return { version: "1.2.1", connectionTableSize: 4096 };
  }

  async totals(): Promise<BigUint64Array> {
    this.#catchUp("totals");
    return this.#table.totals();
  }

  async timeouts(): Promise<Timeouts> {
    this.#catchUp("timeouts");
    return { ...this.#timeouts };
  }

  async setTimeouts({ tcpS, tcpFinS, udpS }: Timeouts): Promise<void> {
    this.#catchUp("set-timeouts");
    // ip_vs_set_timeout(): seconds become jiffies in a signed 32-bit number.
    if ([tcpS, tcpFinS, udpS].some((seconds) => seconds < 0 || seconds > longestTimeoutS)) {
      throw new IpvsFault(refusal("EINVAL"), "set-timeouts");
    }
    const { tcpS: tcp, tcpFinS: fin, udpS: udp } = this.#timeouts;
    this.#timeouts = { tcpS: tcpS || tcp, tcpFinS: tcpFinS || fin, udpS: udpS || udp };
  }

  async daemons(): Promise<SyncDaemon[]> {
    this.#catchUp("daemons");
    return this.#daemons.list();
  }

  async startDaemon(daemon: SyncDaemonSpec): Promise<void> {
    this.#catchUp("start-daemon");
    const refused = this.#daemons.start(daemon, this.#hasMixedFamilies());
    if (refused) throw new IpvsFault(refusal(refused), "start-daemon");
  }

  async stopDaemon(role: SyncRole): Promise<void> {
    this.#catchUp("stop-daemon");
    const refused = this.#daemons.stop(role);
    if (refused) throw new IpvsFault(refusal(refused), "stop-daemon");
  }

  async knowsLocalAddresses(): Promise<boolean> {
    this.#catchUp("local-addresses");
    return this.#fullnat;
  }

  async localAddresses(key: ServiceKey): Promise<LocalAddress[]> {
    this.#local("local-addresses");
    const service = this.#find(key);
    return service ? listLocalAddresses(service) : [];
  }

  async addLocalAddress(key: ServiceKey, address: string): Promise<void> {
    this.#changeLocal("add-local-address", key, (service) => addLocalAddress(service, address));
  }

  async removeLocalAddress(key: ServiceKey, address: string): Promise<void> {
    this.#changeLocal("remove-local-address", key, (service) => removeLocalAddress(service, address));
  }

  close(): void {}

  #local(operation: string): void {
    this.#catchUp(operation);
    if (!this.#fullnat) throw new IpvsFault(refusal("EOPNOTSUPP"), operation);
  }

  #changeLocal(operation: string, key: ServiceKey, change: (service: ServiceState) => Errno | null): void {
    this.#local(operation);
    const service = this.#find(key);
    const refused = service ? change(service) : "ESRCH";
    if (refused) throw new IpvsFault(refusal(refused), operation);
  }

  /** The service that the kernel would take this key for. */
  #find(key: ServiceKey): ServiceState | undefined {
    return this.#table.find(arrive([{ command: "delete-service", service: key }])[0]?.service?.id ?? "");
  }

  #catchUp(operation: string): void {
    if (this.#failure === "ENOENT-family") throw new IpvsFault(refusal("ENOENT"), "family");
    if (this.#failure) throw new IpvsFault(refusal(this.#failure), operation);
    this.#traffic.advance(this.#now());
    this.#table.expireTrash(this.#traffic.atMs);
  }

  #perform(commands: readonly Command[]): (Refusal | null)[] {
    return arrive(commands).map((arrived) => {
      const code = perform(this.#table, this.#host, this.#daemons.any, arrived);
      return code && refusal(code);
    });
  }

  #hasMixedFamilies(): boolean {
    return Array.from(this.#table.services()).some(({ row, servers }) =>
      servers.some((server) => familyOf(server.row.spec.address) !== serviceFamily(row.key)),
    );
  }

  /** Adds what there is at the start and lets its past happen; then quiesces what is quiesced. */
  #fill(seeds: SeedTable, startMs: number): void {
    const quiesced: Command[] = [];
    const commands = seeds.flatMap(({ key, spec, servers }): Command[] => [
      { command: "new-service", service: key, spec },
      ...servers.map(({ spec: server, weightBefore }): Command => {
        if (weightBefore === undefined) return { command: "new-server", service: key, server };
        quiesced.push({ command: "set-server", service: key, server });
        return { command: "new-server", service: key, server: { ...server, weight: weightBefore } };
      }),
    ]);
    this.#demand(commands);
    for (const { key, profile } of seeds) if (profile) this.#table.describeTraffic(serviceId(key), profile);
    this.#traffic.advance(startMs - recentMs, pastStrides);
    this.#traffic.advance(startMs);
    this.#demand(quiesced);
  }

  /** A table to start with that the rules refuse is a mistake in this program. */
  #demand(commands: readonly Command[]): void {
    const refused = this.#perform(commands).findIndex((answer) => answer !== null);
    if (refused >= 0) throw new Error(`refused at the start: ${JSON.stringify(commands[refused])}`);
  }
}
