import { type CounterName, counterNames, countersOf, countersPerRow, gaugesOf } from "#domain/counters";
import type { Measured, ServerEntry, ServiceEntry, ServicesDocument } from "#domain/services-document";
import { serverState, serviceState } from "#domain/state";
import type { DirectorStatus } from "#server/director/director";
import type { FrameHeader } from "#server/director/frames";
import { roundedOrGap } from "#server/director/history";
import type { Mirror, MirroredService } from "../mirror.ts";

/**
 * The table as scripts read it; domain/services-document.ts says what each part means.
 *
 * @param mirror a table that has had a sample; all of it is read before this returns
 * @param status whose table it is, left out of the document without it
 */
export function servicesDocument(mirror: Mirror, status?: DirectorStatus): ServicesDocument {
  if (!mirror.last) throw new Error("a mirror without a sample has nothing to tell");
  const { atMs, totals } = mirror.last;
  return {
    sampledAt: new Date(atMs).toISOString(),
    ...(status ? { director: directorOf(status) } : {}),
    totals: totalsOf(totals),
    services: mirror.servicesByName().map((service) => serviceEntry(mirror, service)),
  };
}

function directorOf({ kind, host, kernel, version, connectionTableSize }: DirectorStatus) {
  return { kind, host, kernel, version, connectionTableSize };
}

function serviceEntry(mirror: Mirror, { slot, row, serverSlots, usable }: MirroredService): ServiceEntry {
  const { id, key, spec } = row;
  const servers = serverSlots.flatMap((serverSlot) => serverEntry(mirror, serverSlot) ?? []);
  return { id, key, state: serviceState(servers.length, usable), spec, ...measuredAt(mirror, slot), servers };
}

function serverEntry(mirror: Mirror, slot: number): ServerEntry | null {
  const { row, drainedWeight = null } = mirror.rows.get(slot) ?? {};
  if (row?.kind !== "server") return null;
  const { id, spec } = row;
  const measured = measuredAt(mirror, slot);
  return { id, state: serverState(spec, measured.gauges), spec, drainedWeight, ...measured };
}

function measuredAt({ counters, rates, gauges }: Mirror, slot: number): Measured {
  return {
    counters: countersOf(counters, slot),
    rates: ratesOf(rates.subarray(slot * countersPerRow, (slot + 1) * countersPerRow)),
    gauges: gaugesOf(gauges, slot),
  };
}

function totalsOf({ counters, rates, gauges }: FrameHeader["totals"]): Measured {
  const named = counterNames.map((name, index) => [name, counters[index] ?? "0"]);
  return {
    counters: Object.fromEntries(named) as Record<CounterName, string>,
    rates: ratesOf(rates.map((rate) => rate ?? Number.NaN)),
    gauges: gaugesOf(Uint32Array.from(gauges), 0),
  };
}

/** Five rates in the order of counterNames, each by its name; NaN is a gap. */
function ratesOf(rates: ArrayLike<number>): Measured["rates"] {
  return {
    connectionsPerSecond: roundedOrGap(rates[0]),
    inPacketsPerSecond: roundedOrGap(rates[1]),
    outPacketsPerSecond: roundedOrGap(rates[2]),
    inBytesPerSecond: roundedOrGap(rates[3]),
    outBytesPerSecond: roundedOrGap(rates[4]),
  };
}
