import { type Change, isRowChange, type RowChange } from "#domain/change";
import { type ObservedServerSpec, serverDefinitionSchema, serverId } from "#domain/real-server";
import { type ObservedServiceSpec, type ServiceKey, serviceDefinitionSchema, serviceId } from "#domain/service";
import type { ServerRecord } from "#domain/table";
import type { ChangeResults } from "./use-apply.ts";

/** A real server as it was before a change. */
export type WasServer = Pick<ServerRecord, "id" | "serviceId" | "spec" | "drainedWeight">;

/** One row that was changed: what it was, and what is left of it. Null: it was, or is, not there. */
interface Touched {
  changes: RowChange[];
  was: ObservedServiceSpec | ObservedServerSpec | null;
  is: ObservedServiceSpec | ObservedServerSpec | null;
}

/**
 * The changes that put back what `changes` found. Each carries what they left behind as `expected`, so that a table which moved
 * since is not overwritten. Null when there is no way back: what was there is not known, or could not be made here.
 *
 * @param results what the director answered to them
 * @param was the real servers concerned as they were, with all those of services that were removed
 */
export function inverseOf(
  changes: readonly Change[],
  results: ChangeResults,
  was: readonly WasServer[] = [],
): Change[] | null {
  const rows = touchedRows(changes, results);
  if (!rows) return null;
  const inverse: Change[] = [];
  // What was done last is taken back first.
  for (const row of [...rows.values()].reverse()) {
    const back = backOf(row, was);
    if (!back) return null;
    inverse.push(...back);
  }
  return inverse.length > 0 && inverse.every(isMakeable) ? inverse : null;
}

function touchedRows(changes: readonly Change[], results: ChangeResults): Map<string, Touched> | null {
  const rows = new Map<string, Touched>();
  for (const [index, change] of changes.entries()) {
    const result = results[index];
    if (!isRowChange(change) || !result) return null;
    const id = "server" in change ? serverId(change.service, change.server) : serviceId(change.service);
    const adds = change.verb === "add-service" || change.verb === "add-server";
    const expected = "expected" in change ? change.expected : undefined;
    const row = rows.get(id);
    if (!row && !adds && !expected) return null;
    const is = result.record?.spec ?? null;
    if (row) Object.assign(row, { is, changes: [...row.changes, change] });
    else rows.set(id, { changes: [change], was: expected ?? null, is });
  }
  return rows;
}

function backOf({ changes, was, is }: Touched, servers: readonly WasServer[]): Change[] | null {
  const [first] = changes;
  if (!first) return null;
  const { service } = first;
  if ("server" in first)
    return serverBack(first, changes, was as ObservedServerSpec | null, is as ObservedServerSpec | null, servers);
  if (is === null) return was === null ? [] : serviceAgain(service, was as ObservedServiceSpec, servers);
  const expected = is as ObservedServiceSpec;
  if (was === null) return [{ verb: "remove-service", service, expected }];
  return [{ verb: "edit-service", service, spec: was, expected } as Change];
}

/** A service that is gone comes back with its servers. */
function serviceAgain(service: ServiceKey, spec: ObservedServiceSpec, servers: readonly WasServer[]): Change[] {
  const id = serviceId(service);
  return [
    { verb: "add-service", service, spec } as Change,
    ...servers
      .filter((server) => server.serviceId === id)
      .flatMap((server) => serverAgain(service, server.spec, server.drainedWeight)),
  ];
}

/** One that was drained comes back with the weight that was kept for it and is drained again, so that it is kept anew. */
function serverAgain(service: ServiceKey, was: ObservedServerSpec, kept: number | null): Change[] {
  const drains = was.weight === 0 && kept !== null;
  const add = { verb: "add-server", service, server: drains ? { ...was, weight: kept } : was } as Change;
  const server = { address: was.address, port: was.port };
  return drains ? [add, { verb: "drain-server", service, server }] : [add];
}

function serverBack(
  { service }: RowChange,
  changes: readonly RowChange[],
  was: ObservedServerSpec | null,
  is: ObservedServerSpec | null,
  servers: readonly WasServer[],
): Change[] | null {
  const keptFor = (spec: ObservedServerSpec) =>
    servers.find(({ id }) => id === serverId(service, spec))?.drainedWeight ?? null;
  if (is === null) return was === null ? [] : serverAgain(service, was, keptFor(was));
  const server = { address: is.address, port: is.port };
  if (was === null) return [{ verb: "remove-server", service, server, expected: is }];
  const verbs = changes.map(({ verb }) => verb);
  if (verbs.length === 1 && verbs[0] === "drain-server")
    return [{ verb: "restore-server", service, server, expected: is }];
  if (verbs.length === 1 && verbs[0] === "restore-server")
    return [{ verb: "drain-server", service, server, expected: is }];
  // A drained server goes back to the weight that was kept for it and is drained again: that weight is kept anew then.
  const kept = keptFor(is);
  const drains = was.weight === 0 && is.weight !== 0 && kept !== null;
  const weight = drains ? kept : was.weight;
  const only = verbs.every((verb) => verb === "set-weight" || verb === "drain-server");
  const first: Change = only
    ? { verb: "set-weight", service, server, weight, expected: is }
    : ({ verb: "edit-server", service, server: { ...was, weight }, expected: is } as Change);
  return drains ? [first, { verb: "drain-server", service, server }] : [first];
}

/** What someone else made may be nothing that can be made here: such a row can be changed or removed, but not brought back. */
function isMakeable(change: Change): boolean {
  switch (change.verb) {
    case "add-service":
    case "edit-service":
      return serviceDefinitionSchema.safeParse({ service: change.service, spec: change.spec }).success;
    case "add-server":
    case "edit-server":
      return serverDefinitionSchema.safeParse({ service: change.service, server: change.server }).success;
    default:
      return true;
  }
}
