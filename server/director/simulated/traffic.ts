import { countersPerRow } from "#domain/counters";
import { counterPeriodMs } from "#domain/rates";
import type { Timeouts } from "#domain/timeouts";
import type { CounterStore } from "./counter-store.ts";
import { expireTemplates, scheduleClient } from "./persistence.ts";
import { schedule } from "./schedulers.ts";
import type { ServerState, ServiceState } from "./state.ts";

/** Gauges move this often; counters are shown every counterPeriodMs, as the kernel's estimator has it. */
export const stepMs = 1000;
/** Picks a step: beyond, one pick stands for several connections, so that a busy service costs no more than a slow one. */
const maxPicks = 32;
/** A table that nobody looked at for long catches up in this many strides at most. */
const maxStrides = 300;
/** TIME_WAIT and its like last this long in the kernel's table, whatever the settable timeouts. */
const sctpClosedS = 2;

/** What the table lends to its traffic. */
export interface TrafficGround {
  services: () => Iterable<ServiceState>;
  /** removed servers whose connections run out */
  trash: () => Iterable<ServerState>;
  timeouts: () => Timeouts;
  counters: CounterStore;
  totalsSlot: number;
}

/**
 * Clients, made up. Connections arrive about as often as the service's profile says, the scheduler, thresholds and templates
 * decide where each goes, it is established for a while, then waits as inactive, then is gone; packets follow
 * from that. Deterministic for the same seed, commands and clock.
 */
export class Traffic {
  /** servers looked at since the start: what traffic costs, without a clock */
  visits = 0;
  atMs: number;
  readonly #ground: TrafficGround;

  constructor(ground: TrafficGround, atMs: number) {
    this.#ground = ground;
    this.atMs = atMs;
  }

  /** Lives on until `nowMs`, in whole steps, coarser ones when there are many; a clock that went back does nothing. */
  advance(nowMs: number, strides = maxStrides): void {
    let steps = Math.floor((nowMs - this.atMs) / stepMs);
    const stride = Math.ceil(steps / strides);
    while (steps > 0) {
      const taken = Math.min(stride, steps);
      this.#step(taken * stepMs);
      steps -= taken;
    }
  }

  #step(elapsedMs: number): void {
    const periodBefore = Math.floor(this.atMs / counterPeriodMs);
    this.atMs += elapsedMs;
    const elapsedS = elapsedMs / 1000;
    for (const service of this.#ground.services()) this.#stepService(service, elapsedS);
    for (const server of this.#ground.trash()) this.#age(server.owner, server, elapsedS);
    if (Math.floor(this.atMs / counterPeriodMs) > periodBefore) this.#ground.counters.publish();
  }

  #stepService(service: ServiceState, elapsedS: number): void {
    const { profile, random, servers, clients } = service;
    if (clients) expireTemplates(clients, this.atMs, relieve);
    if (servers.length === 0) return;
    service.drift = 0.9 * service.drift + 0.4 * random.normal();
    for (const server of servers) {
      this.#age(service, server, elapsedS);
      this.#exchange(service, server, elapsedS);
    }
    const expected = profile.connectionsPerSecond * elapsedS * Math.max(0.2, 1 + 0.06 * service.drift);
    const arriving = Math.max(0, random.round(expected + Math.sqrt(expected) * 0.5 * random.normal()));
    const bundle = Math.ceil(arriving / maxPicks);
    // They come all through the step: the first of them have closed at its end.
    const staying = (profile.establishedS / elapsedS) * share(elapsedS, profile.establishedS);
    for (let left = arriving; left > 0; left -= bundle) this.#arrive(service, Math.min(bundle, left), staying);
  }

  #arrive(service: ServiceState, connections: number, staying: number): void {
    const { row, clients, profile, random } = service;
    this.visits += service.servers.length;
    const client = random.below(clients ? profile.clients : 0x10000);
    const server = clients ? scheduleClient(service, clients, client, this.atMs) : schedule(service, client);
    if (!server || !forwards(service, server)) return;
    const handshakes = profile.establishedS > 0 ? 3 : profile.inPackets;
    this.#count(service, server, connections, connections * handshakes, connections * answers(profile));
    if (row.spec.onePacket) return;
    const established = random.round(connections * staying);
    server.active += established;
    server.inactive += connections - established;
    const { upperThreshold } = server.row.spec;
    if (upperThreshold !== 0 && server.active + server.inactive >= upperThreshold) server.overloaded = true;
  }

  /** Established connections close, closed ones leave the table. */
  #age(service: ServiceState, server: ServerState, elapsedS: number): void {
    this.visits++;
    const { profile, random } = service;
    if (server.active > 0) {
      const closing = random.round(server.active * share(elapsedS, profile.establishedS));
      server.active -= closing;
      server.inactive += closing;
    }
    if (server.inactive === 0) return;
    const gone = random.round(server.inactive * share(elapsedS, this.#lingersS(service)));
    server.inactive -= gone;
    if (gone > 0) relieve(server);
  }

  #lingersS({ row, profile }: ServiceState): number {
    const { tcpFinS, udpS } = this.#ground.timeouts();
    if (profile.establishedS === 0) return udpS;
    return row.key.kind === "address" && row.key.protocol === "sctp" ? sctpClosedS : tcpFinS;
  }

  /** What established connections send while they last. */
  #exchange(service: ServiceState, server: ServerState, elapsedS: number): void {
    const { profile, random } = service;
    if (server.active === 0 || profile.establishedS === 0) return;
    const part = (server.active * elapsedS) / profile.establishedS;
    const inPackets = random.round(part * Math.max(0, profile.inPackets - 3));
    const outPackets = random.round(part * Math.max(0, profile.outPackets - 2));
    this.#count(service, server, 0, inPackets, outPackets);
  }

  #count(service: ServiceState, server: ServerState, connections: number, inPackets: number, outPackets: number): void {
    const { counters, totalsSlot } = this.#ground;
    const { profile } = service;
    // Replies of direct and tunnelled servers do not come back through the director.
    const { forward } = server.row.spec;
    const out = forward === "nat" || forward === "fullnat" ? outPackets : 0;
    const inBytes = Math.round(inPackets * profile.inBytesPerPacket * (1 + 0.03 * service.drift));
    const outBytes = Math.round(out * profile.outBytesPerPacket * (1 + 0.03 * service.drift));
    for (const slot of [server.slot, service.slot, totalsSlot]) {
      const at = slot * countersPerRow;
      const { live } = counters;
      live[at] = (live[at] ?? 0) + connections;
      live[at + 1] = (live[at + 1] ?? 0) + inPackets;
      live[at + 2] = (live[at + 2] ?? 0) + out;
      live[at + 3] = (live[at + 3] ?? 0) + inBytes;
      live[at + 4] = (live[at + 4] ?? 0) + outBytes;
    }
  }
}

/** ip_vs_unbind_dest(): below the lower threshold, or three quarters of the upper one, the server may have new connections again. */
export function relieve(server: ServerState): void {
  const { upperThreshold, lowerThreshold } = server.row.spec;
  const all = server.active + server.inactive;
  if (lowerThreshold !== 0) {
    if (all < lowerThreshold) server.overloaded = false;
  } else if (upperThreshold === 0 || all * 4 < upperThreshold * 3) {
    server.overloaded = false;
  }
}

/** The part that ends within `elapsedS` of what lasts `meanS` in the mean. */
function share(elapsedS: number, meanS: number): number {
  return meanS > 0 ? 1 - Math.exp(-elapsedS / meanS) : 1;
}

/**
 * Methods 6 and 7 have no transmitter, 5 has one on a FULLNAT kernel and needs an address to send from, and 4 leads
 * nowhere: the packet falls through and nothing is counted.
 */
function forwards({ localAddresses }: ServiceState, server: ServerState): boolean {
  const { forward } = server.row.spec;
  if (forward === "fullnat") return localAddresses.length > 0;
  return forward === "nat" || forward === "direct" || forward === "tunnel" || forward === "local";
}

function answers(profile: ServiceState["profile"]): number {
  return profile.establishedS > 0 ? 2 : profile.outPackets;
}
