import type { Trails } from "#domain/batch/trail";
import type { ServerRow, ServiceRow, TableRow } from "#domain/table";

/**
 * The table as it was before a batch, reckoned from the table after it: every row that the batch moved is as it was found,
 * and all others are as they are. What stays keeps its order and its objects; what comes back stands behind.
 */
export function rowsBefore(after: readonly TableRow[], { services }: Pick<Trails, "services">): TableRow[] {
  const trails = new Map(services.map((trail) => [trail.id, trail]));
  const before: TableRow[] = [];
  for (const { service, servers } of grouped(after)) {
    const trail = trails.get(service.id);
    trails.delete(service.id);
    if (!trail) before.push(service, ...servers);
    else append(before, trail, service, servers);
  }
  for (const trail of trails.values()) append(before, trail, null, []);
  return before;
}

function append(
  before: TableRow[],
  { id, key, states, servers: trails }: Trails["services"][number],
  service: ServiceRow | null,
  servers: readonly ServerRow[],
): void {
  const spec = states.length > 0 ? (states[0] ?? null) : (service?.spec ?? null);
  if (!spec) return;
  before.push(service && spec === service.spec ? service : { kind: "service", id, key, spec });
  const moved = new Map(trails.map((trail) => [trail.id, trail]));
  for (const server of servers) if (!moved.has(server.id)) before.push(server);
  for (const trail of trails) {
    const first = trail.states[0];
    if (first) before.push({ kind: "server", id: trail.id, serviceId: id, spec: first });
  }
}

/** Rows service by service. */
export function* grouped(rows: Iterable<TableRow>): Iterable<{ service: ServiceRow; servers: ServerRow[] }> {
  let group: { service: ServiceRow; servers: ServerRow[] } | null = null;
  for (const row of rows) {
    if (row.kind === "server") group?.servers.push(row);
    else {
      if (group) yield group;
      group = { service: row, servers: [] };
    }
  }
  if (group) yield group;
}
