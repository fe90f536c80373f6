import { type Gauges, gaugeNames, gaugesPerRow } from "#domain/counters";
import { wholeList } from "#domain/list-query";
import type { ListQuery } from "#domain/live";
import { serverId } from "#domain/real-server";
import { type ServiceKey, serviceId } from "#domain/service";
import type { TableRow } from "#domain/table";
import { encodeFrame, type FrameHeader, FrameReader } from "#server/director/frames";
import { Mirror } from "./mirror.ts";

/** Tables for the tests of the mirror, of lists and of tabs: service n is 10.0.0.n, its server m is 10.1.n.m. */

export const key = (n: number): ServiceKey => ({
  kind: "address",
  protocol: n % 2 ? "udp" : "tcp",
  address: `10.0.0.${n}`,
  port: 80,
});

export function service(n: number): TableRow {
  const spec = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  return { kind: "service", id: serviceId(key(n)), key: key(n), spec };
}

export function server(n: number, m: number, weight = 1, upperThreshold = 0): TableRow {
  const spec = {
    address: `10.1.${n}.${m}`,
    port: 80,
    forward: "nat" as const,
    weight,
    upperThreshold,
    lowerThreshold: 0,
    tunnel: null,
  };
  return { kind: "server", id: serverId(key(n), spec), serviceId: serviceId(key(n)), spec };
}

/** Rows under slots 0, 1, 2 …; connections/s of slot s is rate(s), and every moved row has `connections`. */
export function frame(
  rows: TableRow[],
  change: Partial<FrameHeader> = {},
  rate = (slot: number) => slot,
  moved = rows.map((_, slot) => slot),
  connections: Gauges = { active: 0, inactive: 0, persistent: 0 },
) {
  const rates = new Float32Array(5 * (rows.length + 100)).map((_, i) => rate(Math.floor(i / 5)));
  const gauges = new Uint32Array(rates.length).map((_, i) => connections[gaugeNames[i % gaugesPerRow] ?? "active"]);
  const columns = { counters: new BigUint64Array(rates.length), gauges, rates };
  const header = {
    seq: 1,
    atMs: 0,
    cadenceMs: 1000,
    full: true,
    removed: [],
    upserted: rows.map((row, slot) => ({ slot, row, drainedWeight: null })),
    totals: { counters: ["0", "0", "0", "0", "0"], rates: [0, 0, 0, 0, 0], gauges: [0, 0, 0] },
    ...change,
  };
  const [decoded] = new FrameReader().push(encodeFrame(header, Uint32Array.from(moved), columns));
  if (!decoded) throw new Error("no frame");
  return decoded;
}

export function mirrorOf(services: number, servers: number): Mirror {
  const mirror = new Mirror();
  const rows = Array.from({ length: services }, (_, n) => [
    service(n + 1),
    ...Array.from({ length: servers }, (_, m) => server(n + 1, m + 1)),
  ]);
  mirror.take(frame(rows.flat()));
  return mirror;
}

export const query: ListQuery = { ...wholeList, to: 50 };
