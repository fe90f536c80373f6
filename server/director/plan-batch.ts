import { isDeepStrictEqual } from "node:util";
import type { Change } from "#domain/change";
import { DirectorError } from "#domain/errors";
import { type ObservedServerSpec, serverId } from "#domain/real-server";
import {
  canonicalNetmask,
  type ObservedServiceSpec,
  type ServiceKey,
  schedulerFlags,
  serviceFamily,
  serviceId,
} from "#domain/service";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import type { DrainedWeights } from "./drained-weights.ts";
import type { Command } from "./ipvs.ts";
import { copyOf, perform, stateOf, type TableState } from "./table-state.ts";

/** What a batch comes to. */
export interface Plan {
  found: TableState;
  /** the table once every command was taken */
  after: TableState;
  commands: Command[];
  /** which change each command is of */
  changeOf: number[];
  /** what is to be kept or forgotten by then; null forgets */
  drained: Map<string, number | null>;
}

/**
 * Plays a batch through on the records that were found, in order, so that a change sees what those before it did.
 *
 * `expected` is compared with the record as the batch found it, or as the batch itself made it where there was none.
 * Throws DirectorError with `changeIndex`: CONFLICT with the record of now, NO_SUCH_SERVICE, NO_SUCH_SERVER,
 * SERVICE_EXISTS, SERVER_EXISTS, NOT_DRAINED.
 */
export function planBatch(
  changes: readonly Change[],
  records: ReadonlyMap<string, ServiceRecord>,
  drained: DrainedWeights,
): Plan {
  const found = stateOf(records.values());
  const plan: Plan = { found, after: copyOf(found), commands: [], changeOf: [], drained: new Map() };
  const planner = new Planner(plan, records, drained);
  changes.forEach((change, index) => {
    const command = planner.plan(change, index);
    if (!command) return;
    plan.commands.push(command);
    plan.changeOf.push(index);
    perform(plan.after, command);
  });
  return plan;
}

class Planner {
  readonly #plan: Plan;
  readonly #records: ReadonlyMap<string, ServiceRecord>;
  readonly #drained: DrainedWeights;

  constructor(plan: Plan, records: ReadonlyMap<string, ServiceRecord>, drained: DrainedWeights) {
    this.#plan = plan;
    this.#records = records;
    this.#drained = drained;
  }

  /** The command for one change; null when there is nothing to write. */
  plan(change: Change, changeIndex: number): Command | null {
    const { service } = change;
    switch (change.verb) {
      case "add-service":
        if (this.#plan.after.has(serviceId(service))) throw new DirectorError("SERVICE_EXISTS", { changeIndex });
        return { command: "new-service", service, spec: change.spec };
      case "edit-service":
        this.#serviceAsExpected(service, change.expected, changeIndex);
        return { command: "set-service", service, spec: change.spec };
      case "remove-service": {
        const { servers } = this.#serviceAsExpected(service, change.expected, changeIndex);
        for (const id of servers.keys()) this.#keep(id, null);
        return { command: "delete-service", service };
      }
      case "add-server": {
        const { servers } = this.#serviceAsExpected(service, undefined, changeIndex);
        const id = serverId(service, change.server);
        if (servers.has(id)) throw new DirectorError("SERVER_EXISTS", { changeIndex });
        this.#keep(id, null);
        return { command: "new-server", service, server: change.server };
      }
      case "remove-server":
        this.#serverAsExpected(change, changeIndex);
        this.#keep(serverId(service, change.server), null);
        return { command: "delete-server", service, server: change.server };
      default:
        return this.#planWeight(change, changeIndex);
    }
  }

  #planWeight(
    change: Extract<Change, { verb: "edit-server" | "set-weight" | "drain-server" | "restore-server" }>,
    changeIndex: number,
  ): Command | null {
    const now = this.#serverAsExpected(change, changeIndex);
    const { service } = change;
    const id = serverId(service, change.server);
    switch (change.verb) {
      case "drain-server":
        if (now.weight === 0) return null;
        this.#keep(id, now.weight);
        return { command: "set-server", service, server: { ...now, weight: 0 } };
      case "restore-server": {
        const weight = now.weight === 0 ? this.#keptWeight(id) : null;
        if (weight === null) throw new DirectorError("NOT_DRAINED", { changeIndex });
        this.#keep(id, null);
        return { command: "set-server", service, server: { ...now, weight } };
      }
      case "set-weight":
        this.#weightByHand(id, now.weight, change.weight);
        return { command: "set-server", service, server: { ...now, weight: change.weight } };
      case "edit-server":
        this.#weightByHand(id, now.weight, change.server.weight);
        return { command: "set-server", service, server: change.server };
    }
  }

  /** A weight set by hand ends a drain; one kept from before a weight that was raised elsewhere is stale. */
  #weightByHand(id: string, before: number, after: number): void {
    if (before !== 0 || after !== 0) this.#keep(id, null);
  }

  #keep(id: string, weight: number | null): void {
    this.#plan.drained.set(id, weight);
  }

  #keptWeight(id: string): number | null {
    const planned = this.#plan.drained.get(id);
    return planned === undefined ? this.#drained.weightOf(id) : planned;
  }

  #serviceAsExpected(key: ServiceKey, expected: ObservedServiceSpec | undefined, changeIndex: number) {
    const id = serviceId(key);
    const now = this.#plan.after.get(id);
    if (expected) {
      const current = this.#records.get(id) ?? null;
      const seen = this.#plan.found.get(id)?.spec ?? now?.spec;
      if (!seen || !isDeepStrictEqual(seen, canonicalSpec(key, expected)))
        throw new DirectorError("CONFLICT", { current, changeIndex });
    }
    if (!now) throw new DirectorError("NO_SUCH_SERVICE", { changeIndex });
    return now;
  }

  #serverAsExpected(
    change: {
      service: ServiceKey;
      server: { address: string; port: number };
      expected?: ObservedServerSpec | undefined;
    },
    changeIndex: number,
  ): ObservedServerSpec {
    const of = serviceId(change.service);
    const id = serverId(change.service, change.server);
    const now = this.#plan.after.get(of)?.servers.get(id);
    if (change.expected) {
      const seen = this.#plan.found.get(of)?.servers.get(id) ?? now;
      if (!seen || !isDeepStrictEqual(seen, { ...change.expected }))
        throw new DirectorError("CONFLICT", { current: this.#serverRecord(of, id), changeIndex });
    }
    if (!this.#plan.after.has(of)) throw new DirectorError("NO_SUCH_SERVICE", { changeIndex });
    if (!now) throw new DirectorError("NO_SUCH_SERVER", { changeIndex });
    return now;
  }

  #serverRecord(service: string, id: string): ServerRecord | null {
    return this.#records.get(service)?.servers.find((server) => server.id === id) ?? null;
  }
}

/** `expected` as the kernel would show it: flags in their order, the netmask in its one spelling. */
function canonicalSpec(key: ServiceKey, spec: ObservedServiceSpec): ObservedServiceSpec {
  const { persistence } = spec;
  return {
    ...spec,
    schedulerFlags: schedulerFlags.filter((flag) => spec.schedulerFlags.includes(flag)),
    persistence: persistence && {
      ...persistence,
      netmask: canonicalNetmask(persistence.netmask, serviceFamily(key)) ?? persistence.netmask,
    },
  };
}
