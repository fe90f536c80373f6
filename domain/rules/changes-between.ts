import type { ServerSpec } from "../real-server.ts";
import type { ServiceSpec } from "../service.ts";
import type { PlannedChange } from "./plan.ts";
import { type ServiceState, sameServer, sameService, type TableState } from "./table-state.ts";

/**
 * The fewest changes that turn `now` into `wanted`: one for each row that differs, except that a service takes its
 * servers with it. What is to come is there before what is to go goes, so that no service is without servers in
 * between which has some before and after.
 *
 * @param remove false: rows that are not wanted stay
 */
export function changesBetween(now: TableState, wanted: TableState, { remove }: { remove: boolean }): PlannedChange[] {
  const changes: PlannedChange[] = [];
  for (const [id, service] of wanted) {
    const there = now.get(id);
    const { key, line } = service;
    const spec = service.spec as ServiceSpec;
    if (!there) changes.push({ change: { verb: "add-service", service: key, spec }, line });
    else if (!sameService(there.spec, service.spec)) {
      changes.push({ change: { verb: "edit-service", service: key, spec, expected: there.spec }, line });
    }
    serversBetween(there, service, remove, changes);
  }
  if (!remove) return changes;
  for (const [id, { key, spec }] of now) {
    if (!wanted.has(id)) changes.push({ change: { verb: "remove-service", service: key, expected: spec }, line: null });
  }
  return changes;
}

function serversBetween(
  now: ServiceState | undefined,
  { key: service, servers }: ServiceState,
  remove: boolean,
  changes: PlannedChange[],
): void {
  for (const [id, { spec, line }] of servers) {
    const there = now?.servers.get(id);
    const server = spec as ServerSpec;
    if (!there) changes.push({ change: { verb: "add-server", service, server }, line });
    else if (!sameServer(there.spec, spec)) {
      changes.push({ change: { verb: "edit-server", service, server, expected: there.spec }, line });
    }
  }
  if (!remove || !now) return;
  for (const [id, { spec }] of now.servers) {
    if (servers.has(id)) continue;
    const { address, port } = spec;
    changes.push({ change: { verb: "remove-server", service, server: { address, port }, expected: spec }, line: null });
  }
}
