import { type HostState, type ListedService, tableStateOf } from "#domain/batch/host-state";
import type { Trails } from "#domain/batch/trail";
import type { Change } from "#domain/change";
import { type ServiceKey, serviceIds } from "#domain/service";
import type { ServerRow, ServiceRecord, TableRow } from "#domain/table";
import type { DrainedWeights } from "./drained-weights.ts";
import { type Ipvs, IpvsFault, type Snapshot } from "./ipvs.ts";
import { serviceRecordAt } from "./service-records.ts";

/** From here on one snapshot of the whole table is cheaper than a call for every service. */
const maxCalls = 50;

/** What of a host is to be read. */
export interface Wanted {
  services: Map<string, ServiceKey>;
  /** services that are expected to be missing: one that a snapshot does not show is not asked for by name */
  added: Set<string>;
  /** every service of the table */
  whole: boolean;
  /** the rows of the whole table, whichever services are wanted */
  rows: boolean;
  timeouts: boolean;
  daemons: boolean;
}

export function wantedBy(changes: readonly Change[]): Wanted {
  const wanted: Wanted = {
    services: new Map(),
    added: new Set(),
    whole: false,
    rows: false,
    timeouts: false,
    daemons: false,
  };
  const idOf = serviceIds();
  let last = "";
  for (const change of changes) {
    if (change.verb === "clear") wanted.whole = true;
    else if (change.verb === "set-timeouts") wanted.timeouts = true;
    else if (change.verb === "start-daemon" || change.verb === "stop-daemon") wanted.daemons = true;
    else if (change.service) {
      const id = idOf(change.service);
      if (id === last) continue;
      last = id;
      if (!wanted.services.has(id)) {
        if (change.verb === "add-service") wanted.added.add(id);
        wanted.services.set(id, change.service);
      }
    }
  }
  return wanted;
}

/** What tells how far a batch with these trails came. */
export function wantedFor({ services, timeouts, daemons }: Trails): Wanted {
  return {
    services: new Map(services.map(({ id, key }) => [id, key])),
    added: new Set(services.flatMap(({ id, states }) => (states.length > 0 && states[0] === null ? [id] : []))),
    whole: false,
    rows: false,
    timeouts: timeouts.length > 0,
    daemons: daemons.length > 0,
  };
}

/** A host as it was read. */
export interface Reading {
  /** the services that were wanted, those that are there */
  host: HostState;
  /** rows of the whole table, when it was read whole */
  rows: readonly TableRow[] | null;
  /** a service with its counters; null when it is not there */
  record(serviceId: string): ServiceRecord | null;
}

/** Reads what is wanted, each service once. Rejects with IpvsFault. */
export async function readHost(
  ipvs: Ipvs,
  { services, added, whole, rows, timeouts, daemons }: Wanted,
  drained: Pick<DrainedWeights, "weightOf">,
): Promise<Reading> {
  const found = new Found(drained);
  const table = whole || rows || services.size > maxCalls ? await ipvs.snapshot() : null;
  if (table) found.take(table, whole ? null : services);
  // A dump leaves out live rows when others are removed meanwhile, so a service that should be there is asked for by name.
  const missing = [...services].filter(([id]) => !found.has(id) && !(table && added.has(id)));
  for (const snapshot of await Promise.all(missing.map(([, key]) => readService(ipvs, key)))) {
    if (snapshot) found.take(snapshot, null);
  }
  const host: HostState = {
    services: tableStateOf(found.listed()),
    timeouts: timeouts ? await ipvs.timeouts() : null,
    daemons: daemons ? new Map((await ipvs.daemons()).map((daemon) => [daemon.role, daemon])) : null,
  };
  return { host, rows: table?.rows ?? null, record: (id) => found.record(id) };
}

/** One service, or null when there is none. Rejects with IpvsFault. */
export async function readService(ipvs: Ipvs, key: ServiceKey): Promise<Snapshot | null> {
  try {
    return await ipvs.service(key);
  } catch (thrown) {
    if (thrown instanceof IpvsFault && thrown.code === "ESRCH") return null;
    throw thrown;
  }
}

/** Where each service stands in what was read. Records are made when they are asked for: counters as text cost more than all else. */
class Found {
  readonly #drained: Pick<DrainedWeights, "weightOf">;
  readonly #places = new Map<string, { snapshot: Snapshot; index: number }>();
  readonly #records = new Map<string, ServiceRecord>();

  constructor(drained: Pick<DrainedWeights, "weightOf">) {
    this.#drained = drained;
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  take(snapshot: Snapshot, wanted: ReadonlyMap<string, unknown> | null): void {
    snapshot.rows.forEach((row, index) => {
      if (row.kind === "service" && (!wanted || wanted.has(row.id))) this.#places.set(row.id, { snapshot, index });
    });
  }

  record(id: string): ServiceRecord | null {
    const known = this.#records.get(id);
    const place = this.#places.get(id);
    if (known || !place) return known ?? null;
    const record = serviceRecordAt(place.snapshot, place.index, this.#drained);
    this.#records.set(id, record);
    return record;
  }

  *listed(): Iterable<ListedService> {
    for (const { snapshot, index } of this.#places.values()) {
      const service = snapshot.rows[index];
      if (service?.kind !== "service") continue;
      const servers: ServerRow[] = [];
      for (let at = index + 1; ; at++) {
        const row = snapshot.rows[at];
        if (row?.kind !== "server") break;
        servers.push(row);
      }
      yield { id: service.id, key: service.key, spec: service.spec, servers };
    }
  }
}
