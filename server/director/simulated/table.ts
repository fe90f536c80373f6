import { isDeepStrictEqual } from "node:util";
import { countersPerRow, gaugesPerRow, halvesOf } from "#domain/counters";
import type { ServerRow, ServiceRow, TableRow } from "#domain/table";
import type { Snapshot } from "../ipvs.ts";
import { CounterStore } from "./counter-store.ts";
import { dropTemplates, newTemplates } from "./persistence.ts";
import { modestProfile, type TrafficProfile } from "./profile.ts";
import { hashText, Random } from "./random.ts";
import { newScheduling, type ServerState, type ServiceState } from "./state.ts";
import { Trash } from "./trash.ts";

/** The services and servers in memory, and what is changed about them once the rules allowed it. */
export class SimulatedTable {
  readonly counters = new CounterStore();
  readonly totalsSlot = this.counters.allocate();
  readonly trash = new Trash();
  readonly #services = new Map<string, ServiceState>();
  readonly #seed: number;
  #listing: { rows: TableRow[]; states: (ServiceState | ServerState)[] } | null = null;

  constructor(seed: number) {
    this.#seed = seed;
  }

  find(serviceId: string): ServiceState | undefined {
    return this.#services.get(serviceId);
  }

  services(): Iterable<ServiceState> {
    return this.#services.values();
  }

  addService(row: ServiceRow): void {
    const random = new Random(hashText(row.id, this.#seed));
    const profile = modestProfile(row.key, random);
    this.#services.set(row.id, {
      row,
      slot: this.counters.allocate(),
      servers: [],
      scheduling: newScheduling(),
      profile,
      random,
      drift: 0,
      clients: newTemplates(row, profile.clients),
      localAddresses: [],
    });
    this.#listing = null;
  }

  setService(service: ServiceState, row: ServiceRow): void {
    const before = service.row;
    if (isDeepStrictEqual(before.spec, row.spec)) return;
    service.row = row;
    if (before.spec.scheduler !== row.spec.scheduler) service.scheduling = newScheduling();
    if (before.spec.persistence?.netmask !== row.spec.persistence?.netmask) this.#renewTemplates(service);
    this.#listing = null;
  }

  removeService(service: ServiceState): void {
    dropTemplates(service.clients);
    for (const server of service.servers) this.#discard(server);
    this.#services.delete(service.row.id);
    this.counters.release(service.slot);
    this.#listing = null;
  }

  flush(): void {
    for (const service of [...this.#services.values()]) this.removeService(service);
  }

  /** A server that was removed not long ago comes back with what it had; of an earlier service of that name only with its connections. */
  addServer(owner: ServiceState, row: ServerRow): void {
    const server = this.trash.take(row.id) ?? this.#newServer(owner, row);
    if (server.owner !== owner) this.counters.zero(server.slot);
    this.#configure(server, row);
    server.owner = owner;
    server.available = true;
    server.lastWeight = row.spec.weight;
    server.credit = 0;
    owner.servers.unshift(server);
    owner.scheduling.buckets = null;
    this.#listing = null;
  }

  setServer(server: ServerState, row: ServerRow): void {
    if (isDeepStrictEqual(server.row.spec, row.spec)) return;
    this.#configure(server, row);
    server.owner.scheduling.buckets = null;
    this.#listing = null;
  }

  removeServer(server: ServerState): void {
    const { owner } = server;
    owner.servers.splice(owner.servers.indexOf(server), 1);
    owner.scheduling.buckets = null;
    this.#discard(server);
    this.#listing = null;
  }

  zero(service: ServiceState): void {
    this.counters.zero(service.slot);
    for (const server of service.servers) this.counters.zero(server.slot);
  }

  zeroAll(): void {
    for (const service of this.#services.values()) this.zero(service);
    this.counters.zero(this.totalsSlot);
  }

  /** Says what the clients of a service do, instead of the modest traffic that it has by itself. */
  describeTraffic(serviceId: string, profile: Partial<TrafficProfile>): void {
    const service = this.#services.get(serviceId);
    if (!service) return;
    service.profile = { ...service.profile, ...profile };
    this.#renewTemplates(service);
  }

  expireTrash(nowMs: number): void {
    this.trash.expire(nowMs, (server) => this.counters.release(server.slot));
  }

  snapshot(): Snapshot {
    this.#listing ??= this.#list([...this.#services.values()]);
    return this.#columns(this.#listing);
  }

  snapshotOf(service: ServiceState): Snapshot {
    return this.#columns(this.#list([service]));
  }

  totals(): BigUint64Array {
    const totals = new BigUint64Array(countersPerRow);
    this.counters.write(this.totalsSlot, halvesOf(totals), 0);
    return totals;
  }

  /** __ip_vs_update_dest() */
  #configure(server: ServerState, row: ServerRow): void {
    const { weight, upperThreshold } = row.spec;
    if (weight !== 0) server.lastWeight = weight;
    if (upperThreshold === 0 || upperThreshold > server.row.spec.upperThreshold) server.overloaded = false;
    server.row = row;
  }

  #newServer(owner: ServiceState, row: ServerRow): ServerState {
    return {
      row,
      slot: this.counters.allocate(),
      active: 0,
      inactive: 0,
      persistent: 0,
      overloaded: false,
      available: true,
      lastWeight: row.spec.weight,
      credit: 0,
      owner,
    };
  }

  #discard(server: ServerState): void {
    server.available = false;
    this.trash.put(server);
  }

  #renewTemplates(service: ServiceState): void {
    dropTemplates(service.clients);
    service.clients = newTemplates(service.row, service.profile.clients);
  }

  #list(services: ServiceState[]): { rows: TableRow[]; states: (ServiceState | ServerState)[] } {
    // Address services before those of firewall marks, as the kernel walks its two hash tables.
    const ordered = ["address", "fwmark"].flatMap((kind) => services.filter(({ row }) => row.key.kind === kind));
    const states = ordered.flatMap((service) => [service, ...service.servers]);
    return { states, rows: states.map(({ row }) => row) };
  }

  #columns({ rows, states }: { rows: TableRow[]; states: (ServiceState | ServerState)[] }): Snapshot {
    const counters = new BigUint64Array(rows.length * countersPerRow);
    const gauges = new Uint32Array(rows.length * gaugesPerRow);
    const halves = halvesOf(counters);
    let serviceAt = 0;
    states.forEach((state, row) => {
      this.counters.write(state.slot, halves, row);
      const at = row * gaugesPerRow;
      if ("servers" in state) {
        serviceAt = at;
        return;
      }
      gauges[at] = state.active;
      gauges[at + 1] = state.inactive;
      gauges[at + 2] = state.persistent;
      for (let gauge = 0; gauge < gaugesPerRow; gauge++) {
        gauges[serviceAt + gauge] = (gauges[serviceAt + gauge] ?? 0) + (gauges[at + gauge] ?? 0);
      }
    });
    return { rows, counters, gauges };
  }
}
