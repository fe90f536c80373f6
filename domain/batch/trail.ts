import { type ObservedServerSpec, serverId } from "../real-server.ts";
import { type ObservedServiceSpec, type ServiceKey, serviceId } from "../service.ts";
import type { SyncDaemonSpec, SyncRole } from "../sync-daemon.ts";
import type { Timeouts } from "../timeouts.ts";
import type { Step } from "./command.ts";
import { equal } from "./equal.ts";
import { copyOfHost, type HostState, perform } from "./host-state.ts";

/**
 * The states that a row goes through in a batch, the one it was found in first, the one it is to end in last; null is
 * "not there". Empty: the batch leaves it alone. However a batch is cut short, a row that nobody else moved is in one of them.
 */
export type States<T> = (T | null)[];

export interface ServerTrail {
  id: string;
  address: string;
  port: number;
  states: States<ObservedServerSpec>;
}

export interface ServiceTrail {
  id: string;
  key: ServiceKey;
  states: States<ObservedServiceSpec>;
  /** in the order in which they come back, should the service have to: oldest first */
  servers: ServerTrail[];
}

/** Everything a batch moves, as plain JSON: what it takes to undo it, in this process or after a restart. */
export interface Trails {
  services: ServiceTrail[];
  timeouts: Timeouts[];
  daemons: { role: SyncRole; states: States<SyncDaemonSpec> }[];
}

/** Names of everything that the trails are about. */
export function rowsOf({ services, timeouts, daemons }: Trails): string[] {
  return [
    ...services.flatMap(({ id, states, servers }) => [
      ...(states.length > 0 ? [id] : []),
      ...servers.map((one) => one.id),
    ]),
    ...(timeouts.length > 0 ? ["timeouts"] : []),
    ...daemons.map(({ role }) => `daemon:${role}`),
  ];
}

/** Plays a batch through on what was found, a step at a time, and remembers every state that each row has been in. */
export class Rehearsal {
  readonly found: HostState;
  /** the host once every step so far was taken */
  readonly after: HostState;
  readonly #services = new Map<string, Omit<ServiceTrail, "servers"> & { servers: Map<string, ServerTrail> }>();
  readonly #timeouts: Timeouts[] = [];
  readonly #daemons = new Map<SyncRole, States<SyncDaemonSpec>>();

  constructor(found: HostState) {
    this.found = found;
    this.after = copyOfHost(found);
  }

  play(step: Step): void {
    switch (step.command) {
      case "zero":
        return;
      case "new-service":
      case "set-service":
        this.#moveService(step.service, step.spec);
        break;
      case "delete-service":
        this.#removeService(step.service);
        break;
      case "flush":
        for (const { key } of this.after.services.values()) this.#removeService(key);
        break;
      case "new-server":
      case "set-server":
        this.#moveServer(step.service, step.server, step.server);
        break;
      case "delete-server":
        this.#moveServer(step.service, step.server, null);
        break;
      case "set-timeouts":
        if (this.#timeouts.length === 0 && this.after.timeouts) this.#timeouts.push(this.after.timeouts);
        break;
      case "start-daemon":
        this.#moveDaemon(step.daemon.role, step.daemon);
        break;
      case "stop-daemon":
        this.#moveDaemon(step.role, null);
    }
    perform(this.after, step);
    if (step.command === "set-timeouts" && this.after.timeouts) this.#timeouts.push(this.after.timeouts);
  }

  trails(): Trails {
    return {
      services: [...this.#services.values()].map(({ servers, ...service }) => ({
        ...service,
        servers: this.#inOldOrder(service.id, servers),
      })),
      timeouts: [...this.#timeouts],
      daemons: Array.from(this.#daemons, ([role, states]) => ({ role, states })),
    };
  }

  #inOldOrder(service: string, servers: Map<string, ServerTrail>): ServerTrail[] {
    const old = this.found.services.get(service)?.servers;
    if (!old || servers.size < 2) return [...servers.values()];
    const first = [...old.keys()].flatMap((id) => servers.get(id) ?? []);
    return [...first, ...[...servers.values()].filter(({ id }) => !old.has(id))];
  }

  #serviceTrail(key: ServiceKey, id: string) {
    const known = this.#services.get(id);
    if (known) return known;
    const trail = { id, key, states: [], servers: new Map<string, ServerTrail>() };
    this.#services.set(id, trail);
    return trail;
  }

  #moveService(key: ServiceKey, to: ObservedServiceSpec | null): void {
    const id = serviceId(key);
    move(this.#serviceTrail(key, id).states, this.after.services.get(id)?.spec ?? null, to);
  }

  #removeService(key: ServiceKey): void {
    for (const server of this.after.services.get(serviceId(key))?.servers.values() ?? [])
      this.#moveServer(key, server, null);
    this.#moveService(key, null);
  }

  #moveServer(key: ServiceKey, { address, port }: { address: string; port: number }, to: ObservedServerSpec | null) {
    const of = serviceId(key);
    const id = serverId(key, { address, port });
    const { servers } = this.#serviceTrail(key, of);
    let trail = servers.get(id);
    if (!trail) {
      trail = { id, address, port, states: [] };
      servers.set(id, trail);
    }
    move(trail.states, this.after.services.get(of)?.servers.get(id) ?? null, to);
  }

  #moveDaemon(role: SyncRole, to: SyncDaemonSpec | null): void {
    const states = this.#daemons.get(role) ?? [];
    this.#daemons.set(role, states);
    move(states, this.after.daemons?.get(role) ?? null, to);
  }
}

function move<T>(states: States<T>, from: T | null, to: T | null): void {
  if (states.length === 0) states.push(from);
  if (!equal(states.at(-1), to)) states.push(to);
}
