import type { Change } from "#domain/change";
import type { ServerKey } from "#domain/real-server";
import { parseServiceId, type ServiceKey } from "#domain/service";
import type { ServerRecord, ServiceRecord } from "#domain/table";

/** A real server with the service it belongs to. */
export interface ChosenServer {
  service: ServiceRecord;
  server: ServerRecord;
}

/** Rows that someone chose by id, as the table has them now. */
export interface Chosen {
  services: ServiceRecord[];
  servers: ChosenServer[];
  /** ids that the table does not have any more */
  missing: string[];
}

/** The service that a row belongs to, by the row's id: its own for a service. */
export function serviceIdOf(rowId: string): string {
  return rowId.split(">", 1)[0] ?? rowId;
}

/** The services that have to be read to know these rows, each once. */
export function serviceIdsOf(rowIds: readonly string[]): string[] {
  return [...new Set(rowIds.map(serviceIdOf))];
}

/** The rows to remove: what is chosen, without the servers that go with a chosen service anyway. */
export function chooseForRemoval(ids: readonly string[], records: readonly ServiceRecord[]): Chosen {
  const { services, servers, missing } = find(ids, records);
  return { services, servers: servers.filter(({ service }) => !services.includes(service)), missing };
}

/** The servers that are meant: those chosen, and every server of a chosen service. */
export function chooseServers(ids: readonly string[], records: readonly ServiceRecord[]): Chosen {
  const { services, servers, missing } = find(ids, records);
  const all = [...services.flatMap((service) => service.servers.map((server) => ({ service, server }))), ...servers];
  return { services: [], servers: [...new Map(all.map((chosen) => [chosen.server.id, chosen])).values()], missing };
}

function find(ids: readonly string[], records: readonly ServiceRecord[]): Chosen {
  const services = new Map(records.map((record) => [record.id, record]));
  const servers = new Map(
    records.flatMap((service) => service.servers.map((server) => [server.id, { service, server }] as const)),
  );
  return {
    services: ids.map((id) => services.get(id)).filter((record) => record !== undefined),
    servers: ids.map((id) => servers.get(id)).filter((chosen) => chosen !== undefined),
    missing: ids.filter((id) => !services.has(id) && !servers.has(id)),
  };
}

/** What is lost with these rows: `connections` are active and inactive ones. */
export function lossOf({ services, servers }: Pick<Chosen, "services" | "servers">): {
  services: number;
  servers: number;
  active: number;
  connections: number;
} {
  const gauges = [...services.map((service) => service.gauges), ...servers.map(({ server }) => server.gauges)];
  return {
    services: services.length,
    servers: servers.length + services.reduce((sum, service) => sum + service.servers.length, 0),
    active: gauges.reduce((sum, { active }) => sum + active, 0),
    connections: gauges.reduce((sum, { active, inactive }) => sum + active + inactive, 0),
  };
}

/** Removes what is chosen. */
export function removals({ services, servers }: Pick<Chosen, "services" | "servers">): Change[] {
  return [
    ...servers.map(
      ({ service, server }): Change => ({
        verb: "remove-server",
        service: service.key,
        server: keyOf(server),
        expected: server.spec,
      }),
    ),
    ...services.map((service): Change => ({ verb: "remove-service", service: service.key, expected: service.spec })),
  ];
}

/** Sets a weight; servers that have it already are left alone. Weight 0 is a drain, which remembers the weight. */
export function weightChanges(servers: readonly ChosenServer[], weight: number): Change[] {
  return servers
    .filter(({ server }) => server.spec.weight !== weight)
    .map(({ service, server }) => weightChange(service.key, server.spec, weight));
}

export function weightChange(service: ServiceKey, spec: ServerRecord["spec"], weight: number): Change {
  const server = { address: spec.address, port: spec.port };
  if (weight === 0) return { verb: "drain-server", service, server, expected: spec };
  return { verb: "set-weight", service, server, weight, expected: spec };
}

/** Servers that can be drained: those that take new connections. */
export function drainable(servers: readonly ChosenServer[]): ChosenServer[] {
  return servers.filter(({ server }) => server.spec.weight !== 0);
}

/** Servers whose weight is kept: those that were drained here. */
export function restorable(servers: readonly ChosenServer[]): ChosenServer[] {
  return servers.filter(({ server }) => server.drainedWeight !== null);
}

export function drains(servers: readonly ChosenServer[]): Change[] {
  return drainable(servers).map(({ service, server }) => weightChange(service.key, server.spec, 0));
}

export function restores(servers: readonly ChosenServer[]): Change[] {
  return restorable(servers).map(
    ({ service, server }): Change => ({
      verb: "restore-server",
      service: service.key,
      server: keyOf(server),
      expected: server.spec,
    }),
  );
}

/** The key of the service that a row of the list belongs to; null for an id that no table wrote. */
export function serviceKeyOf(rowId: string): ServiceKey | null {
  return parseServiceId(serviceIdOf(rowId));
}

function keyOf(server: ServerRecord): ServerKey {
  return { address: server.spec.address, port: server.spec.port };
}
