import type { ObservedServerSpec } from "../real-server.ts";
import type { ObservedServiceSpec, ServiceKey } from "../service.ts";
import type { SyncDaemonSpec, SyncRole } from "../sync-daemon.ts";
import type { Timeouts } from "../timeouts.ts";
import type { Step } from "./command.ts";
import { equal } from "./equal.ts";
import { copyOfHost, type HostState, perform, rowsOfStep, type StepRows } from "./host-state.ts";

/**
 * The states that a row goes through in a batch, the one it was found in first, the one it is to end in last; null is
 * "not there". Empty: the batch leaves it alone. However a batch is cut short, a row that nobody else moved is in one of them.
 */
export type States<T> = (T | null)[];

export interface ServerTrail {
  id: string;
  states: States<ObservedServerSpec>;
}

export interface ServiceTrail {
  id: string;
  key: ServiceKey;
  states: States<ObservedServiceSpec>;
  /** in the order in which they come back, should the service have to: oldest first */
  servers: ServerTrail[];
}

/** Where everything that a batch moves has been: what it takes to undo it. Made of what was found and of the steps (moves.ts). */
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

  /** @param rows rowsOfStep(step), when they are known */
  play(step: Step, rows: StepRows = rowsOfStep(step)): void {
    switch (step.command) {
      case "zero":
        return;
      case "new-service":
      case "set-service":
        this.#moveService(rows.service, step.service, step.spec);
        break;
      case "delete-service":
        this.#removeService(rows.service, step.service);
        break;
      case "flush":
        for (const [id, { key }] of this.after.services) this.#removeService(id, key);
        break;
      case "new-server":
      case "set-server":
        this.#moveServer(rows, step.service, step.server);
        break;
      case "delete-server":
        this.#moveServer(rows, step.service, null);
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
    perform(this.after, step, rows);
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

  #serviceTrail(id: string, key: ServiceKey) {
    const known = this.#services.get(id);
    if (known) return known;
    const trail = { id, key, states: [], servers: new Map<string, ServerTrail>() };
    this.#services.set(id, trail);
    return trail;
  }

  #moveService(id: string, key: ServiceKey, to: ObservedServiceSpec | null): void {
    move(this.#serviceTrail(id, key).states, this.after.services.get(id)?.spec ?? null, to);
  }

  #removeService(id: string, key: ServiceKey): void {
    for (const server of this.after.services.get(id)?.servers.keys() ?? [])
      this.#moveServer({ service: id, server }, key, null);
    this.#moveService(id, key, null);
  }

  #moveServer(rows: StepRows, key: ServiceKey, to: ObservedServerSpec | null): void {
    const { servers } = this.#serviceTrail(rows.service, key);
    let trail = servers.get(rows.server);
    if (!trail) {
      trail = { id: rows.server, states: [] };
      servers.set(rows.server, trail);
    }
    move(trail.states, this.after.services.get(rows.service)?.servers.get(rows.server) ?? null, to);
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
