import { setImmediate as nextTurn } from "node:timers/promises";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { countersPerRow, gaugesPerRow } from "#domain/counters";
import type { ServerRow, ServiceRow } from "#domain/table";
import type { FrameHeader } from "#server/director/frames";
import type { Mirror } from "../mirror.ts";

/** Prometheus text exposition format 0.0.4, https://prometheus.io/docs/instrumenting/exposition_formats/ */
export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

const scopes =
  'scope="table" is the kernel\'s own total, scope="service" one virtual service, scope="server" one real server of it: sum over one scope only.';

/** In the order of counterNames, then active and inactive as in gaugeNames, then what only servers have. */
const families = [
  { name: "ipvs_connections_total", kind: Counter, help: `New connections. ${scopes}` },
  { name: "ipvs_incoming_packets_total", kind: Counter, help: `Packets from clients. ${scopes}` },
  { name: "ipvs_outgoing_packets_total", kind: Counter, help: `Packets to clients that passed here. ${scopes}` },
  { name: "ipvs_incoming_bytes_total", kind: Counter, help: `Bytes from clients. ${scopes}` },
  { name: "ipvs_outgoing_bytes_total", kind: Counter, help: `Bytes to clients that passed here. ${scopes}` },
  { name: "ipvs_active_connections", kind: Gauge, help: `Active connections now. ${scopes}` },
  { name: "ipvs_inactive_connections", kind: Gauge, help: `Inactive connections now. ${scopes}` },
  { name: "ipvs_weight", kind: Gauge, help: "Weight of a real server; 0 takes no new connections." },
] as const;
const weightFamily = families.length - 1;

const labelNames = [
  "scope",
  "proto",
  "local_address",
  "local_port",
  "local_mark",
  "remote_address",
  "remote_port",
] as const;
type Labels = Partial<Record<(typeof labelNames)[number], string>>;

/** One label set and its value in each of the families; null where it has none. */
interface Series {
  labels: Labels;
  values: (number | null)[];
}

/**
 * The table, and this process, as a scrape reads them. Counters are 64 bits wide and a sample is a double: past 2^53
 * the nearest one is written. `proto` of a firewall mark is `fwmark` or `fwmark6`, since each family has marks of its own.
 *
 * The mirror is read before this returns; the text is then made a family at a time, so that a large table does not
 * keep everyone else waiting.
 *
 * @param mirror a table that has had a sample
 * @param servers with the series of every real server, else only the table's and the services'
 */
export async function metricsText(mirror: Mirror, { servers }: { servers: boolean }): Promise<string> {
  if (!mirror.last) throw new Error("a mirror without a sample has nothing to tell");
  const sampledAtS = mirror.last.atMs / 1000;
  const allSeries = seriesOf(mirror, mirror.last.totals, servers);
  const registry = new Registry();
  const texts: string[] = [];
  for (const [index, { name, help, kind }] of families.entries()) {
    if (index === weightFamily && !servers) continue;
    await nextTurn();
    const metric = new kind({ name, help, labelNames, registers: [registry] });
    for (const { labels, values } of allSeries) {
      const value = values[index] ?? null;
      if (value === null) continue;
      if (metric instanceof Counter) metric.inc(labels, value);
      else metric.set(labels, value);
    }
    texts.push(await registry.getSingleMetricAsString(name));
    registry.removeSingleMetric(name);
  }
  const help = "When the director took the sample, in seconds since the epoch.";
  new Gauge({ name: "ipvs_sample_timestamp_seconds", help, registers: [registry] }).set(sampledAtS);
  return `${texts.join("\n")}\n${await registry.metrics()}${await processRegistry().metrics()}`;
}

function seriesOf(mirror: Mirror, { counters, gauges }: FrameHeader["totals"], servers: boolean): Series[] {
  const [active = 0, inactive = 0] = gauges;
  const all: Series[] = [{ labels: { scope: "table" }, values: [...counters.map(Number), active, inactive, null] }];
  for (const { slot, row, serverSlots } of mirror.servicesByName()) {
    const service = serviceLabels(row);
    all.push({ labels: { scope: "service", ...service }, values: valuesAt(mirror, slot, null) });
    for (const serverSlot of servers ? serverSlots : []) {
      const server = mirror.rows.get(serverSlot)?.row;
      if (server?.kind !== "server") continue;
      const labels = { scope: "server", ...service, ...serverLabels(server) };
      all.push({ labels, values: valuesAt(mirror, serverSlot, server.spec.weight) });
    }
  }
  return all;
}

function valuesAt(mirror: Mirror, slot: number, weight: number | null): (number | null)[] {
  const counters = mirror.counters.subarray(slot * countersPerRow, (slot + 1) * countersPerRow);
  const [active = 0, inactive = 0] = mirror.gauges.subarray(slot * gaugesPerRow, slot * gaugesPerRow + 2);
  return [...Array.from(counters, Number), active, inactive, weight];
}

function serviceLabels({ key }: ServiceRow): Labels {
  if (key.kind === "address")
    return { proto: key.protocol, local_address: key.address, local_port: String(key.port), local_mark: "" };
  const proto = key.family === 6 ? "fwmark6" : "fwmark";
  return { proto, local_address: "", local_port: "", local_mark: String(key.mark) };
}

function serverLabels({ spec }: ServerRow): Labels {
  return { remote_address: spec.address, remote_port: String(spec.port) };
}

let madeProcessRegistry: Registry | undefined;

/** Metrics of this process: they are gathered from the first scrape on, and a second set of observers would count twice. */
function processRegistry(): Registry {
  if (!madeProcessRegistry) {
    madeProcessRegistry = new Registry();
    collectDefaultMetrics({ register: madeProcessRegistry });
  }
  return madeProcessRegistry;
}
