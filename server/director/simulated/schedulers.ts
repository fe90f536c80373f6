import type { SchedulerFlag } from "#domain/service";
import { hashNumber, hashText, type Random } from "./random.ts";
import type { ServerState, ServiceState } from "./state.ts";

/**
 * Which server the service's scheduler gives a new connection to, or null: no server takes it and the client gets
 * nothing. Each follows its module (linux net/netfilter/ipvs/ip_vs_<name>.c) in what decides; where a module spreads
 * by weight in a fixed pattern (wrr, mh) the shares are its own, the order is not.
 *
 * @param client a number that stands for the client's address
 */
export function schedule(service: ServiceState, client: number): ServerState | null {
  return pickers[service.row.spec.scheduler]?.(service, client) ?? null;
}

type Picker = (service: ServiceState, client: number) => ServerState | null;

const pickers: Record<string, Picker> = {
  rr: roundRobin,
  wrr: weightedRoundRobin,
  lc: ({ servers }) => least(servers, connections),
  wlc: ({ servers }) => least(servers, weightedConnections),
  sed: ({ servers }) => least(servers, expectedDelay),
  nq: ({ servers }) => idle(servers) ?? least(servers, expectedDelay),
  fo: ({ servers }) => heaviest(servers, usable),
  ovf: ({ servers }) => heaviest(servers, (server) => usable(server) && server.active <= weightOf(server)),
  sh: sourceHash,
  dh: destinationHash,
  mh: maglev,
  lblc: localityLeast,
  lblcr: localityReplicated,
  twos: twoChoices,
};

const weightOf = (server: ServerState): number => server.row.spec.weight;
const usable = (server: ServerState): boolean => weightOf(server) > 0 && !server.overloaded;
/** ip_vs_dest_conn_overhead(): an established connection costs 256 times one that is not. */
const connections = (server: ServerState): number => server.active * 256 + server.inactive;
const weightedConnections = (server: ServerState): number => connections(server) / weightOf(server);
const expectedDelay = (server: ServerState): number => (server.active + 1) / weightOf(server);

function least(servers: readonly ServerState[], cost: (server: ServerState) => number): ServerState | null {
  let best: ServerState | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const server of servers) {
    if (!usable(server)) continue;
    const own = cost(server);
    if (own >= bestCost) continue;
    best = server;
    bestCost = own;
  }
  return best;
}

function idle(servers: readonly ServerState[]): ServerState | null {
  return servers.find((server) => usable(server) && server.active === 0) ?? null;
}

function heaviest(servers: readonly ServerState[], fits: (server: ServerState) => boolean): ServerState | null {
  let best: ServerState | null = null;
  for (const server of servers) if (fits(server) && (!best || weightOf(server) > weightOf(best))) best = server;
  return best;
}

function roundRobin({ servers, scheduling }: ServiceState): ServerState | null {
  const start = scheduling.last ? servers.indexOf(scheduling.last) : -1;
  for (let step = 1; step <= servers.length; step++) {
    const server = servers[(start + step) % servers.length];
    if (!server || !usable(server)) continue;
    scheduling.last = server;
    return server;
  }
  return null;
}

/** Each is owed its weight a round and pays the sum of all when it is picked, so shares follow weights exactly. */
function weightedRoundRobin({ servers }: ServiceState): ServerState | null {
  let sum = 0;
  let best: ServerState | null = null;
  for (const server of servers) {
    if (!usable(server)) continue;
    sum += weightOf(server);
    server.credit += weightOf(server);
    if (!best || server.credit > best.credit) best = server;
  }
  if (best) best.credit -= sum;
  return best;
}

const bucketCount = 256;

function sourceHash(service: ServiceState, client: number): ServerState | null {
  const { row, servers, scheduling } = service;
  // ip_vs_sh_reassign() counts up to the weight after the first bucket: a quiesced server keeps one, and refuses.
  scheduling.buckets ??= spreadBuckets(servers, (server) => Math.max(1, weightOf(server)));
  const mayFallBack = hasFlag(row.spec.schedulerFlags, "flag-1");
  for (let attempt = 0; attempt < (mayFallBack ? servers.length * 4 : 1); attempt++) {
    const server = scheduling.buckets[hashNumber(client + attempt * 0x9e3779b9) % bucketCount];
    if (server && usable(server)) return server;
  }
  return null;
}

/** One destination address has one server. A firewall mark may stand for many addresses: its clients are spread as if by these. */
function destinationHash({ row, servers, scheduling }: ServiceState, client: number): ServerState | null {
  scheduling.buckets ??= spreadBuckets(servers, () => 1);
  const destination = row.key.kind === "address" ? hashText(row.key.address) : hashNumber(client % 8);
  const server = scheduling.buckets[destination % bucketCount];
  return server && usable(server) ? server : null;
}

function spreadBuckets(servers: readonly ServerState[], times: (server: ServerState) => number): ServerState[] {
  if (servers.length === 0) return [];
  const divisor = servers.map(times).reduce(commonDivisor);
  const buckets: ServerState[] = [];
  for (let at = 0; buckets.length < bucketCount; at = (at + 1) % servers.length) {
    const server = servers[at] as ServerState;
    const end = Math.min(bucketCount, buckets.length + times(server) / divisor);
    while (buckets.length < end) buckets.push(server);
  }
  return buckets;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Every client has its place on the table, filled by the weights that servers last had above 0. */
function maglev({ row, servers }: ServiceState, client: number): ServerState | null {
  const mayFallBack = hasFlag(row.spec.schedulerFlags, "flag-1");
  const sum = servers.reduce((total, server) => total + server.lastWeight, 0);
  for (let attempt = 0; attempt < (mayFallBack ? servers.length * 4 : 1); attempt++) {
    let place = (hashNumber(client + attempt * 0x85ebca77) / 4_294_967_296) * sum;
    for (const server of servers) {
      place -= server.lastWeight;
      if (place >= 0) continue;
      if (usable(server)) return server;
      break;
    }
  }
  return null;
}

/** Keeps a destination on its server, until that is overloaded and another is less than half loaded. */
function localityLeast({ servers, scheduling }: ServiceState): ServerState | null {
  const kept = scheduling.sticky[0];
  if (kept?.available && weightOf(kept) > 0 && !mustSpread(kept, servers)) return kept;
  const server = least(servers, weightedConnections);
  if (server) scheduling.sticky = [server];
  return server;
}

/** As lblc, with a set of servers for the destination that grows when all of it are overloaded. */
function localityReplicated({ servers, scheduling }: ServiceState): ServerState | null {
  const known = scheduling.sticky.filter((server) => server.available);
  const kept = least(known, weightedConnections);
  if (kept && !mustSpread(kept, servers)) return kept;
  const server = least(servers, weightedConnections);
  if (!server) return null;
  scheduling.sticky = known.includes(server) ? known : [...known, server];
  return server;
}

function mustSpread(kept: ServerState, servers: readonly ServerState[]): boolean {
  if (kept.overloaded) return true;
  return (
    kept.active > weightOf(kept) && servers.some((server) => usable(server) && server.active * 2 < weightOf(server))
  );
}

/** The less loaded of two that chance proposes by their weights. */
function twoChoices({ servers, random }: ServiceState): ServerState | null {
  const first = byChance(servers, random);
  const second = byChance(servers, random);
  if (!first || !second) return null;
  return weightedConnections(second) < weightedConnections(first) ? second : first;
}

function byChance(servers: readonly ServerState[], random: Random): ServerState | null {
  let sum = 0;
  for (const server of servers) if (usable(server)) sum += weightOf(server);
  let place = random.next() * sum;
  for (const server of servers) {
    if (!usable(server)) continue;
    place -= weightOf(server);
    if (place < 0) return server;
  }
  return null;
}

function hasFlag(flags: readonly SchedulerFlag[], flag: SchedulerFlag): boolean {
  return flags.includes(flag);
}
