import type { ObservedServerSpec, ServerKey } from "../real-server.ts";
import { serverIdIn } from "../real-server.ts";
import { sameServer } from "../rules/table-state.ts";
import type { ObservedServiceSpec, ServiceKey } from "../service.ts";
import { serviceId } from "../service.ts";
import type { SyncDaemonSpec } from "../sync-daemon.ts";
import type { Timeouts } from "../timeouts.ts";
import type { Step } from "./command.ts";
import { equal } from "./equal.ts";
import { type HostState, rowsOfStep, type ServiceState } from "./host-state.ts";
import { Moves } from "./moves.ts";

/** Address, port and the place of its settings, server after server; no settings (-1) where it is only named. */
type PackedServers = (string | number)[];
type ServerVerb = "new-server" | "set-server" | "delete-server";
type PackedStep =
  | [verb: ServerVerb, key: number, servers: PackedServers]
  | [verb: "new-service", key: number, spec: number]
  | [verb: "set-service", key: number, spec: number]
  | [verb: "delete-service", key: number]
  | Exclude<Step, { command: ServerVerb | "new-service" | "set-service" | "delete-service" }>;

interface PackedMoves {
  keys: ServiceKey[];
  specs: ObservedServiceSpec[];
  settings: Omit<ObservedServerSpec, "address" | "port">[];
  found: [key: number, spec: number, servers: PackedServers][];
  timeouts: Timeouts | null;
  daemons: SyncDaemonSpec[] | null;
  steps: PackedStep[];
}

/**
 * What a batch moves as JSON, with no more of what was found than the steps are about: it is on its way to the disk while
 * the first step waits. unpackMoves() gives moves with the same trails back.
 */
export function packMoves({ found, steps }: Moves): string {
  return JSON.stringify(new Packer().pack(found, steps));
}

export function unpackMoves(text: string): Moves {
  const packed = JSON.parse(text) as PackedMoves;
  const services: HostState["services"] = new Map();
  for (const [at, spec, servers] of packed.found) {
    const key = packed.keys[at] as ServiceKey;
    const id = serviceId(key);
    const state: ServiceState = { key, spec: packed.specs[spec] as ObservedServiceSpec, servers: new Map() };
    for (const server of unpackServers(packed, servers)) state.servers.set(serverIdIn(id, server), server);
    services.set(id, state);
  }
  const daemons = packed.daemons && new Map(packed.daemons.map((daemon) => [daemon.role, daemon]));
  return new Moves({ services, timeouts: packed.timeouts, daemons }, [...unpackSteps(packed)]);
}

class Packer {
  readonly #keys = new Pool<ServiceKey>(equal);
  readonly #specs = new Pool<ObservedServiceSpec>(equal);
  readonly #settings = new Pool<ObservedServerSpec>(sameServer);

  pack(found: HostState, steps: readonly Step[]): PackedMoves {
    const packed = {
      found: this.#found(found, steps),
      timeouts: found.timeouts,
      daemons: found.daemons && [...found.daemons.values()],
      steps: this.#steps(steps),
    };
    const settings = this.#settings.all.map(({ address: _, port: __, ...rest }) => rest);
    return { keys: this.#keys.all, specs: this.#specs.all, settings, ...packed };
  }

  #found({ services }: HostState, steps: readonly Step[]): PackedMoves["found"] {
    const touched = services.size > 0 ? touchedBy(steps) : null;
    const found: PackedMoves["found"] = [];
    if (!touched) return found;
    for (const [id, { key, spec, servers }] of services) {
      const named = touched.services.get(id);
      if (!touched.all && !named) continue;
      const packed: PackedServers = [];
      for (const [serverId, server] of servers) {
        if (touched.all || named === "all" || named?.has(serverId)) this.#add(packed, server);
      }
      found.push([this.#keys.place(key), this.#specs.place(spec), packed]);
    }
    return found;
  }

  #steps(steps: readonly Step[]): PackedStep[] {
    const packed: PackedStep[] = [];
    let last: [verb: string, key: number, servers: PackedServers] | null = null;
    for (const step of steps) {
      switch (step.command) {
        case "new-server":
        case "set-server":
        case "delete-server": {
          const key = this.#keys.place(step.service);
          if (last?.[0] !== step.command || last[1] !== key) {
            last = [step.command, key, []];
            packed.push(last as PackedStep);
          }
          this.#add(last[2], step.server);
          continue;
        }
        case "new-service":
        case "set-service":
          packed.push([step.command, this.#keys.place(step.service), this.#specs.place(step.spec)]);
          break;
        case "delete-service":
          packed.push([step.command, this.#keys.place(step.service)]);
          break;
        default:
          packed.push(step);
      }
      last = null;
    }
    return packed;
  }

  #add(to: PackedServers, server: ObservedServerSpec | ServerKey): void {
    to.push(server.address, server.port, "forward" in server ? this.#settings.place(server) : -1);
  }
}

/** Values, each told once for as long as it comes again right away. */
class Pool<T> {
  readonly all: T[] = [];
  readonly #isSame: (one: T, other: T) => boolean;

  constructor(isSame: (one: T, other: T) => boolean) {
    this.#isSame = isSame;
  }

  place(value: T): number {
    const last = this.all[this.all.length - 1];
    if (last === undefined || (last !== value && !this.#isSame(last, value))) this.all.push(value);
    return this.all.length - 1;
  }
}

/** The rows that steps are about: of each service which servers, or all of them; or every row there is. */
function touchedBy(steps: readonly Step[]): { all: boolean; services: Map<string, Set<string> | "all"> } {
  const services = new Map<string, Set<string> | "all">();
  for (const step of steps) {
    if (step.command === "flush") return { all: true, services };
    const { service, server } = rowsOfStep(step);
    if (service === "") continue;
    const known = services.get(service);
    if (step.command === "delete-service") services.set(service, "all");
    else if (!known) services.set(service, new Set(server === "" ? [] : [server]));
    else if (known !== "all" && server !== "") known.add(server);
  }
  return { all: false, services };
}

function* unpackServers({ settings }: PackedMoves, packed: PackedServers): Iterable<ObservedServerSpec> {
  for (let at = 0; at < packed.length; at += 3) {
    const [address, port, place] = [packed[at] as string, packed[at + 1] as number, packed[at + 2] as number];
    yield { address, port, ...settings[place] } as ObservedServerSpec;
  }
}

function* unpackSteps(packed: PackedMoves): Iterable<Step> {
  for (const step of packed.steps) {
    if (!Array.isArray(step)) {
      yield step;
      continue;
    }
    const service = packed.keys[step[1]] as ServiceKey;
    if (step[0] === "delete-service") yield { command: step[0], service };
    else if (step[0] === "new-service" || step[0] === "set-service")
      yield { command: step[0], service, spec: packed.specs[step[2]] as ObservedServiceSpec };
    else for (const server of unpackServers(packed, step[2])) yield { command: step[0], service, server };
  }
}
