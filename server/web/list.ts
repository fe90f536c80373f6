import { counterNames, countersPerRow, type GaugeName, gaugeNames, gaugesPerRow } from "#domain/counters";
import { maxWindowRows, type SortColumn, unfolded } from "#domain/list-query";
import type { ListQuery, ListWindow } from "#domain/live";
import { schedulers, serviceFamily } from "#domain/service";
import type { Mirror, MirroredService } from "./mirror.ts";

/**
 * The part of the flattened list (services, and under unfolded ones their servers) that a view shows:
 * search, filters and sort over all services, rows only for the window. Evaluated once a sample for each
 * distinct query, whoever shares it.
 */
export function listWindow(mirror: Mirror, query: ListQuery): ListWindow {
  const matched = matchingServices(mirror, query);
  const sorted = sortServices(mirror, matched, query);
  const isOpen = unfolded(query);
  const from = query.from;
  const to = Math.min(query.to, from + maxWindowRows);
  const slots: number[] = [];
  let at = 0;
  let matchedServers = 0;
  for (const service of sorted) {
    matchedServers += service.serverSlots.length;
    if (at >= from && at < to) slots.push(service.slot);
    at++;
    if (!isOpen(service.row.id)) continue;
    const length = service.serverSlots.length;
    if (at < to && at + length > from) {
      const servers = sortServers(mirror, service, query);
      slots.push(...servers.slice(Math.max(0, from - at), Math.max(0, to - at)));
    }
    at += length;
  }
  return { from, totalRows: at, matchedServices: matched.length, matchedServers, slots };
}

function matchingServices(mirror: Mirror, query: ListQuery): MirroredService[] {
  if (query.service !== null) {
    const service = mirror.services.get(query.service);
    return service ? [service] : [];
  }
  const words = query.search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const matched: MirroredService[] = [];
  for (const service of mirror.servicesByName()) {
    if (words.every((word) => service.text.includes(word)) && passesFilters(mirror, service, query))
      matched.push(service);
  }
  return matched;
}

function passesFilters(mirror: Mirror, service: MirroredService, query: ListQuery): boolean {
  const { key } = service.row;
  const protocol = key.kind === "fwmark" ? "fwmark" : key.protocol;
  if (query.protocol.length > 0 && !query.protocol.some((wanted) => wanted === protocol)) return false;
  if (query.family.length > 0 && !query.family.some((wanted) => wanted === String(serviceFamily(key)))) return false;
  if (
    query.forward.length > 0 &&
    !servers(mirror, service).some((row) => query.forward.includes(forwardGroup(row.spec.forward)))
  )
    return false;
  return query.state.length === 0 || query.state.some((state) => isInState(mirror, service, state));
}

function isInState(mirror: Mirror, service: MirroredService, state: ListQuery["state"][number]): boolean {
  if (state === "draining") return servers(mirror, service).some((row) => row.spec.weight === 0);
  const allUsable = service.serverSlots.length > 0 && service.usable === service.serverSlots.length;
  return state === "up" ? allUsable : !allUsable;
}

function servers(mirror: Mirror, service: MirroredService) {
  return service.serverSlots.flatMap((slot) => {
    const row = mirror.rows.get(slot)?.row;
    return row?.kind === "server" ? [row] : [];
  });
}

function forwardGroup(forward: string): "nat" | "direct" | "tunnel" | "other" {
  return forward === "nat" || forward === "direct" || forward === "tunnel" ? forward : "other";
}

function sortServices(mirror: Mirror, services: MirroredService[], { sort, descending }: ListQuery): MirroredService[] {
  if (sort === "name") return descending ? services.toReversed() : services;
  if (sort === "scheduler")
    return byValue(services, descending, (service) => schedulers.indexOf(service.row.spec.scheduler as "rr"));
  return byValue(services, descending, (service) =>
    sort === "weight"
      ? servers(mirror, service).reduce((sum, row) => sum + Math.max(0, row.spec.weight), 0)
      : columnValue(mirror, service.slot, sort),
  );
}

function sortServers(
  mirror: Mirror,
  { serverSlots }: MirroredService,
  { sort, descending }: ListQuery,
): readonly number[] {
  if (sort === "name") return descending ? serverSlots.toReversed() : serverSlots;
  if (sort === "scheduler") return serverSlots;
  return byValue(serverSlots, descending, (slot) => {
    const row = mirror.rows.get(slot)?.row;
    return sort === "weight" ? (row?.kind === "server" ? row.spec.weight : 0) : columnValue(mirror, slot, sort);
  });
}

/** A sorted copy. The sort is stable and what it gets is in order of names, so equal rows do not jump at every sample. */
function byValue<T>(items: readonly T[], descending: boolean, valueOfItem: (item: T) => number): T[] {
  const sign = descending ? -1 : 1;
  return items
    .map((item) => ({ item, value: valueOfItem(item) }))
    .sort((a, b) => sign * (a.value - b.value))
    .map(({ item }) => item);
}

function columnValue(
  mirror: Mirror,
  slot: number,
  column: Exclude<SortColumn, "name" | "scheduler" | "weight">,
): number {
  const gauge = gaugeNames.indexOf(column as GaugeName);
  if (gauge >= 0) return mirror.gauges[slot * gaugesPerRow + gauge] ?? 0;
  const counter = counterNames.findIndex((name) => column === `${name}PerSecond`);
  const rate = mirror.rates[slot * countersPerRow + counter] ?? Number.NaN;
  return Number.isNaN(rate) ? -1 : rate;
}
