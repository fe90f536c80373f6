import { hostname, release, uptime } from "node:os";
import type { z } from "zod";
import { type Change, changesSchema } from "#domain/change";
import { DirectorError } from "#domain/errors";
import { problemsOf } from "#domain/problem";
import { serverId } from "#domain/real-server";
import { type ServiceKey, serviceId, serviceKeySchema } from "#domain/service";
import { syncDaemonSchema, syncRoleSchema } from "#domain/sync-daemon";
import type { ServiceRecord } from "#domain/table";
import { timeoutsSchema } from "#domain/timeouts";
import { writeBatch } from "./batch.ts";
import type { ChangeResult, Director, DirectorStatus } from "./director.ts";
import type { DrainedChanges, DrainedWeights } from "./drained-weights.ts";
import { refusalOf, toDirectorError } from "./faults.ts";
import type { Command, Ipvs, SyncDaemon, SyncDaemonSpec, SyncRole, Timeouts } from "./ipvs.ts";
import { type Plan, planBatch } from "./plan-batch.ts";
import { readService, readServices } from "./read-services.ts";
import { serviceRecords } from "./service-records.ts";
import { WriterLock } from "./writer-lock.ts";

/** What a director tells about the host it stands on. */
export interface HostFacts {
  host: string;
  /** uname -r */
  kernel: string;
  uptimeS: number;
}

export interface LocalDirectorOptions {
  ipvs: Ipvs;
  drained: DrainedWeights;
  simulatedBecause?: DirectorStatus["simulatedBecause"];
  hostFacts?: () => HostFacts;
  /** wall clock */
  wallMs?: () => number;
}

const thisHost = (): HostFacts => ({ host: hostname(), kernel: release(), uptimeS: Math.floor(uptime()) });

/**
 * The director of the table in this process. It trusts nobody: everything is checked again here, and everything that
 * writes waits its turn. Taking back a removed service adds it and its servers again, whose counters then start anew.
 *
 * A kept weight that cannot be written (STORE_FAILED) refuses a drain before the weight is touched; nothing else needs the store.
 */
export class LocalDirector implements Director {
  readonly #ipvs: Ipvs;
  readonly #drained: DrainedWeights;
  readonly #simulatedBecause: DirectorStatus["simulatedBecause"];
  readonly #hostFacts: () => HostFacts;
  readonly #startedAtMs: number;
  readonly #lock = new WriterLock();

  constructor({ ipvs, drained, simulatedBecause, hostFacts, wallMs }: LocalDirectorOptions) {
    this.#ipvs = ipvs;
    this.#drained = drained;
    this.#simulatedBecause = simulatedBecause ?? null;
    this.#hostFacts = hostFacts ?? thisHost;
    this.#startedAtMs = (wallMs ?? Date.now)();
  }

  async status(): Promise<DirectorStatus> {
    const info = await asked("info", this.#ipvs.info());
    return {
      kind: this.#ipvs.kind,
      simulatedBecause: this.#simulatedBecause,
      ...this.#hostFacts(),
      ...info,
      startedAtMs: this.#startedAtMs,
    };
  }

  async table(): Promise<ServiceRecord[]> {
    return serviceRecords(await asked("snapshot", this.#ipvs.snapshot()), this.#drained);
  }

  async service(key: ServiceKey): Promise<ServiceRecord> {
    const checked = valid(serviceKeySchema, key);
    const record = await asked("service", readService(this.#ipvs, checked, this.#drained));
    if (!record) throw new DirectorError("NO_SUCH_SERVICE");
    return record;
  }

  /** The weight that a server of weight 0 gets back, or null: for whoever describes rows without asking for records. */
  drainedWeight(serverId: string): number | null {
    return this.#drained.weightOf(serverId);
  }

  async apply(changes: readonly Change[]): Promise<ChangeResult[]> {
    const checked = valid(changesSchema, changes);
    return this.#lock.run(async () => {
      const records = await asked("service", readServices(this.#ipvs, checked, this.#drained));
      const plan = planBatch(checked, records, this.#drained);
      await this.#write(plan, checked);
      return this.#resultsOf(checked);
    });
  }

  async #write(plan: Plan, changes: readonly Change[]): Promise<void> {
    const before = new Map<string, number | null>();
    const keep = new Map<string, number>();
    const forget = new Map<string, null>();
    for (const [id, weight] of plan.drained) {
      const kept = this.#drained.weightOf(id);
      if (weight === kept) continue;
      if (weight === null) forget.set(id, null);
      else {
        before.set(id, kept);
        keep.set(id, weight);
      }
    }
    if (keep.size > 0) await this.#drained.write(keep);
    const failure = await writeBatch(this.#ipvs, plan, changes, this.#drained);
    if (failure) {
      // What may be drained after all must find its weight again.
      if (failure.takenBack && before.size > 0) await this.#forgiving(before);
      throw failure.error;
    }
    if (forget.size > 0) await this.#forgiving(forget);
  }

  /** A weight that stays kept too long does no harm: it is not told while the server has one. The store logs why. */
  async #forgiving(changes: DrainedChanges): Promise<void> {
    await this.#drained.write(changes).catch(() => {});
  }

  async #resultsOf(changes: readonly Change[]): Promise<ChangeResult[]> {
    const records = await asked("service", readServices(this.#ipvs, changes, this.#drained));
    const servers = new Map(
      [...records.values()].flatMap((record) => record.servers.map((server) => [server.id, server])),
    );
    return changes.map((change): ChangeResult => {
      if (!("server" in change)) return { kind: "service", record: records.get(serviceId(change.service)) ?? null };
      return { kind: "server", record: servers.get(serverId(change.service, change.server)) ?? null };
    });
  }

  async zero(service: ServiceKey | null): Promise<void> {
    const key = service === null ? null : valid(serviceKeySchema, service);
    await this.#lock.run(() => this.#run({ command: "zero", service: key }));
  }

  async clear(): Promise<void> {
    await this.#lock.run(async () => {
      await this.#run({ command: "flush" });
      const kept = [...this.#drained.ids()];
      if (kept.length > 0) await this.#forgiving(new Map(kept.map((id) => [id, null])));
    });
  }

  async #run(command: Command): Promise<void> {
    const [refusal] = await asked(command.command, this.#ipvs.write([command]));
    if (refusal) throw refusalOf(refusal, command);
  }

  timeouts(): Promise<Timeouts> {
    return asked("timeouts", this.#ipvs.timeouts());
  }

  async setTimeouts(timeouts: Timeouts): Promise<Timeouts> {
    const checked = valid(timeoutsSchema, timeouts);
    return this.#lock.run(async () => {
      await asked("set-timeouts", this.#ipvs.setTimeouts(checked));
      return this.timeouts();
    });
  }

  daemons(): Promise<SyncDaemon[]> {
    return asked("daemons", this.#ipvs.daemons());
  }

  async startDaemon(daemon: SyncDaemonSpec): Promise<SyncDaemon[]> {
    const checked = valid(syncDaemonSchema, daemon);
    return this.#lock.run(async () => {
      await asked("start-daemon", this.#ipvs.startDaemon(checked));
      return this.daemons();
    });
  }

  async stopDaemon(role: SyncRole): Promise<SyncDaemon[]> {
    const checked = valid(syncRoleSchema, role);
    return this.#lock.run(async () => {
      await asked("stop-daemon", this.#ipvs.stopDaemon(checked));
      return this.daemons();
    });
  }
}

/** Parsed, or INVALID with everything that is wrong. */
function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DirectorError("INVALID", { problems: problemsOf(parsed.error) });
}

async function asked<T>(operation: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (thrown) {
    throw toDirectorError(thrown, operation);
  }
}
