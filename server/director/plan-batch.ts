import type { Command, Step } from "#domain/batch/command";
import { equal } from "#domain/batch/equal";
import { copyOfHost, type HostState, perform, type ServiceState, type StepRows } from "#domain/batch/host-state";
import { Moves } from "#domain/batch/moves";
import { type Change, type HostChange, isRowChange, type RowChange } from "#domain/change";
import { DirectorError } from "#domain/errors";
import { type ObservedServerSpec, serverIdIn } from "#domain/real-server";
import {
  canonicalNetmask,
  type ObservedServiceSpec,
  type ServiceKey,
  schedulerFlags,
  serviceFamily,
  serviceId,
  serviceIds,
} from "#domain/service";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import type { DrainedWeights } from "./drained-weights.ts";

/** What a batch comes to. */
export interface Plan {
  found: HostState;
  /** those that set counters to 0 last */
  steps: Step[];
  /** which change each step is of */
  changeOf: number[];
  moves: Moves;
  /** what is to be kept or forgotten by then; null forgets */
  drained: Map<string, number | null>;
}

/**
 * Plays a batch through on what was found, in order, so that a change sees what those before it did.
 *
 * `expected` is compared with the record as the batch found it, or as the batch itself made it where there was none.
 * Throws DirectorError with `changeIndex`: CONFLICT with the record of now, NO_SUCH_SERVICE, NO_SUCH_SERVER,
 * SERVICE_EXISTS, SERVER_EXISTS, NOT_DRAINED, DAEMON_RUNNING, DAEMON_NOT_RUNNING.
 */
export function planBatch(
  changes: readonly Change[],
  found: HostState,
  record: (serviceId: string) => ServiceRecord | null,
  drained: DrainedWeights,
): Plan {
  const planner = new Planner(found, record, drained);
  for (const [index, change] of changes.entries()) planner.add(change, index);
  return planner.plan();
}

class Planner {
  readonly #found: HostState;
  /** the host once every step so far was taken */
  readonly #host: HostState;
  readonly #record: (serviceId: string) => ServiceRecord | null;
  readonly #drained: DrainedWeights;
  readonly #idOf = serviceIds();
  readonly #keeps: Plan["drained"] = new Map();
  readonly #steps: Step[] = [];
  readonly #changeOf: number[] = [];
  readonly #zeros: { service: ServiceKey | null; changeIndex: number }[] = [];

  constructor(found: HostState, record: (serviceId: string) => ServiceRecord | null, drained: DrainedWeights) {
    this.#found = found;
    this.#host = copyOfHost(found);
    this.#record = record;
    this.#drained = drained;
  }

  add(change: Change, changeIndex: number): void {
    if (change.verb === "zero") this.#zeros.push({ service: change.service, changeIndex });
    else {
      const rows = isRowChange(change) ? this.#rowsOf(change) : noRows;
      const step = isRowChange(change) ? this.#ofRow(change, rows, changeIndex) : this.#ofHost(change, changeIndex);
      if (!step) return;
      this.#steps.push(step);
      this.#changeOf.push(changeIndex);
      perform(this.#host, step, rows);
    }
  }

  plan(): Plan {
    for (const { service, changeIndex } of this.#zeros) {
      if (service && !this.#after.has(serviceId(service))) throw new DirectorError("NO_SUCH_SERVICE", { changeIndex });
      this.#steps.push({ command: "zero", service });
      this.#changeOf.push(changeIndex);
    }
    return {
      found: this.#found,
      steps: this.#steps,
      changeOf: this.#changeOf,
      moves: new Moves(this.#found, this.#steps),
      drained: this.#keeps,
    };
  }

  #rowsOf(change: RowChange): StepRows {
    const service = this.#idOf(change.service);
    return { service, server: "server" in change ? serverIdIn(service, change.server) : "" };
  }

  get #after() {
    return this.#host.services;
  }

  #ofHost(change: Exclude<HostChange, { verb: "zero" }>, changeIndex: number): Step {
    switch (change.verb) {
      case "clear":
        for (const { servers } of this.#after.values()) for (const id of servers.keys()) this.#keep(id, null);
        for (const id of this.#drained.ids()) this.#keep(id, null);
        return { command: "flush" };
      case "set-timeouts":
        if (change.expected && !equal(this.#found.timeouts, change.expected))
          throw new DirectorError("CONFLICT", { current: this.#found.timeouts, changeIndex });
        return { command: "set-timeouts", timeouts: change.timeouts };
      case "start-daemon":
        if (this.#host.daemons?.has(change.daemon.role)) throw new DirectorError("DAEMON_RUNNING", { changeIndex });
        return { command: "start-daemon", daemon: change.daemon };
      case "stop-daemon":
        if (!this.#host.daemons?.has(change.role)) throw new DirectorError("DAEMON_NOT_RUNNING", { changeIndex });
        return { command: "stop-daemon", role: change.role };
    }
  }

  /** The command for one change of a row; null when there is nothing to write. */
  #ofRow(change: RowChange, rows: StepRows, changeIndex: number): Command | null {
    const { service } = change;
    switch (change.verb) {
      case "add-service":
        if (this.#after.has(rows.service)) throw new DirectorError("SERVICE_EXISTS", { changeIndex });
        return { command: "new-service", service, spec: change.spec };
      case "edit-service":
        this.#serviceAsExpected(rows.service, service, change.expected, changeIndex);
        return { command: "set-service", service, spec: change.spec };
      case "remove-service": {
        const { servers } = this.#serviceAsExpected(rows.service, service, change.expected, changeIndex);
        for (const id of servers.keys()) this.#keep(id, null);
        return { command: "delete-service", service };
      }
      case "add-server": {
        const { key, servers } = this.#serviceAsExpected(rows.service, service, undefined, changeIndex);
        if (servers.has(rows.server)) throw new DirectorError("SERVER_EXISTS", { changeIndex });
        this.#keep(rows.server, null);
        // One key for all of a service's servers: the others need not live on.
        return { command: "new-server", service: key, server: change.server };
      }
      case "remove-server":
        this.#serverAsExpected(change, rows, changeIndex);
        this.#keep(rows.server, null);
        return { command: "delete-server", service, server: change.server };
      default:
        return this.#planWeight(change, rows, changeIndex);
    }
  }

  #planWeight(
    change: Extract<RowChange, { verb: "edit-server" | "set-weight" | "drain-server" | "restore-server" }>,
    rows: StepRows,
    changeIndex: number,
  ): Command | null {
    const now = this.#serverAsExpected(change, rows, changeIndex);
    const { service } = change;
    const id = rows.server;
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
    if (this.#keptWeight(id) !== weight) this.#keeps.set(id, weight);
  }

  #keptWeight(id: string): number | null {
    const planned = this.#keeps.get(id);
    return planned === undefined ? this.#drained.weightOf(id) : planned;
  }

  #serviceAsExpected(
    id: string,
    key: ServiceKey,
    expected: ObservedServiceSpec | undefined,
    changeIndex: number,
  ): ServiceState {
    const now = this.#after.get(id);
    if (expected) {
      const seen = this.#found.services.get(id)?.spec ?? now?.spec;
      if (!seen || !equal(seen, canonicalSpec(key, expected)))
        throw new DirectorError("CONFLICT", { current: this.#record(id), changeIndex });
    }
    if (!now) throw new DirectorError("NO_SUCH_SERVICE", { changeIndex });
    return now;
  }

  #serverAsExpected(
    { expected }: { expected?: ObservedServerSpec | undefined },
    { service, server: id }: StepRows,
    changeIndex: number,
  ): ObservedServerSpec {
    const now = this.#after.get(service)?.servers.get(id);
    if (expected) {
      const seen = this.#found.services.get(service)?.servers.get(id) ?? now;
      if (!seen || !equal(seen, expected))
        throw new DirectorError("CONFLICT", { current: this.#serverRecord(service, id), changeIndex });
    }
    if (!this.#after.has(service)) throw new DirectorError("NO_SUCH_SERVICE", { changeIndex });
    if (!now) throw new DirectorError("NO_SUCH_SERVER", { changeIndex });
    return now;
  }

  #serverRecord(service: string, id: string): ServerRecord | null {
    return this.#record(service)?.servers.find((server) => server.id === id) ?? null;
  }
}

const noRows: StepRows = { service: "", server: "" };

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
