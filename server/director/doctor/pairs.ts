import type { ServerRecord, ServiceRecord } from "#domain/table";

/** A real server with the virtual service that it is in. */
export interface Pair {
  service: ServiceRecord;
  server: ServerRecord;
}

/** Every real server of the table, in its order. */
export function pairsOf(services: readonly ServiceRecord[]): Pair[] {
  return services.flatMap((service) => service.servers.map((server) => ({ service, server })));
}

/** By tunnel or direct routing: the server answers the client itself. */
export function isPastDirector({ server: { spec } }: Pair): boolean {
  return spec.forward === "direct" || spec.forward === "tunnel";
}

/** New connections that are not persistent may go to it. */
export function isUsable({ spec, gauges }: ServerRecord): boolean {
  // ip_vs_dest_totalconns() counts both (linux net/netfilter/ipvs/ip_vs_conn.c).
  const isFull = spec.upperThreshold > 0 && gauges.active + gauges.inactive >= spec.upperThreshold;
  return spec.weight > 0 && !isFull;
}
