import { describe, expect, test } from "vitest";
import { serverId } from "#domain/real-server";
import { type ServiceKey, serviceId } from "#domain/service";
import type { ServerRow, ServiceRow, TableRow } from "#domain/table";
import { Mirror } from "../mirror.ts";
import { frame, mirrorOf, server, service } from "../mirror-fixture.ts";
import { type Family, parseExposition } from "./exposition-fixture.ts";
import { metricsText } from "./metrics.ts";

const tableFamilies = {
  ipvs_connections_total: "counter",
  ipvs_incoming_packets_total: "counter",
  ipvs_outgoing_packets_total: "counter",
  ipvs_incoming_bytes_total: "counter",
  ipvs_outgoing_bytes_total: "counter",
  ipvs_active_connections: "gauge",
  ipvs_inactive_connections: "gauge",
};

function serviceOf(key: ServiceKey): ServiceRow {
  return { ...(service(1) as ServiceRow), id: serviceId(key), key };
}

function serverOf(key: ServiceKey, address: string, port: number, weight: number): ServerRow {
  const spec = { ...(server(1, 1) as ServerRow).spec, address, port, weight };
  return { kind: "server", id: serverId(key, spec), serviceId: serviceId(key), spec };
}

/** Counter c of slot s is 1000 s + c, its gauges 10 s and 10 s + 1; the table's totals are told apart from any sum. */
function tableOf(rows: TableRow[]): Mirror {
  const mirror = new Mirror();
  const totals = { counters: ["91", "92", "93", "94", "18446744073709551615"], rates: [], gauges: [95, 96, 97] };
  mirror.take(frame(rows, { atMs: 1_700_000_000_250, totals }));
  for (let slot = 0; slot < rows.length; slot++) {
    for (let c = 0; c < 5; c++) mirror.counters[slot * 5 + c] = BigInt(1000 * slot + c);
    for (let g = 0; g < 3; g++) mirror.gauges[slot * 3 + g] = 10 * slot + g;
  }
  return mirror;
}

const scrape = async (mirror: Mirror, servers: boolean) => parseExposition(await metricsText(mirror, { servers }));
const labelsOf = (family: Family | undefined) => family?.samples.map(({ labels }) => labels);

const web: ServiceKey = { kind: "address", protocol: "tcp", address: "10.0.0.1", port: 80 };
const names6: ServiceKey = { kind: "address", protocol: "udp", address: "2001:db8::53", port: 53 };
const mark: ServiceKey = { kind: "fwmark", family: 4, mark: 4_294_967_295 };
const mark6: ServiceKey = { kind: "fwmark", family: 6, mark: 4_294_967_295 };

describe("metricsText", () => {
  test("every family with its type, the values in the right one, and the sample's time", async () => {
    const mirror = tableOf([serviceOf(web), serverOf(web, "10.1.0.1", 8080, 7)]);
    const families = await scrape(mirror, true);
    for (const [name, type] of Object.entries(tableFamilies)) expect(families.get(name)?.type, name).toBe(type);
    const valuesOf = (scope: string) =>
      [...families]
        .filter(([name]) => name.startsWith("ipvs_"))
        .map(([, { samples }]) => samples.find(({ labels }) => labels["scope"] === scope)?.value);
    expect(valuesOf("table")).toEqual([91, 92, 93, 94, 2 ** 64, 95, 96, undefined, undefined]);
    expect(valuesOf("service")).toEqual([0, 1, 2, 3, 4, 0, 1, undefined, undefined]);
    expect(valuesOf("server")).toEqual([1000, 1001, 1002, 1003, 1004, 10, 11, 7, undefined]);
    expect(families.get("ipvs_sample_timestamp_seconds")?.samples).toEqual([
      { name: "ipvs_sample_timestamp_seconds", labels: {}, value: 1_700_000_000.25 },
    ]);
  });

  test("labels: IPv6 without brackets, marks unsigned and apart by family, no address or port beside a mark", async () => {
    const rows = [serviceOf(web), serviceOf(names6), serviceOf(mark), serviceOf(mark6)];
    const families = await scrape(tableOf([...rows, serverOf(names6, "fd00::7", 5353, 1)]), true);
    expect(labelsOf(families.get("ipvs_connections_total"))).toEqual([
      { scope: "table" },
      { scope: "service", proto: "fwmark6", local_address: "", local_port: "", local_mark: "4294967295" },
      { scope: "service", proto: "fwmark", local_address: "", local_port: "", local_mark: "4294967295" },
      { scope: "service", proto: "tcp", local_address: "10.0.0.1", local_port: "80", local_mark: "" },
      { scope: "service", proto: "udp", local_address: "2001:db8::53", local_port: "53", local_mark: "" },
      {
        ...{ scope: "server", proto: "udp", local_address: "2001:db8::53", local_port: "53", local_mark: "" },
        ...{ remote_address: "fd00::7", remote_port: "5353" },
      },
    ]);
  });

  test("real servers only when asked for, and their weight with them", async () => {
    const mirror = mirrorOf(3, 2);
    const without = await scrape(mirror, false);
    expect(without.has("ipvs_weight")).toBe(false);
    const all = [...without.values()].flatMap(({ samples }) => samples);
    expect(all.some(({ labels }) => labels["scope"] === "server")).toBe(false);
    const withServers = await scrape(mirror, true);
    expect(withServers.get("ipvs_weight")?.samples).toHaveLength(6);
    expect(withServers.get("ipvs_active_connections")?.samples).toHaveLength(1 + 3 + 6);
  });

  test("a label that no kernel would send cannot break out of its quotes", async () => {
    const hostile = 'a\\b"} 1\nipvs_weight 666 \\n';
    const key: ServiceKey = { ...web, address: hostile };
    const families = await scrape(tableOf([serviceOf(key)]), true);
    expect(labelsOf(families.get("ipvs_connections_total"))?.[1]?.["local_address"]).toBe(hostile);
    expect(families.get("ipvs_weight")?.samples).toEqual([]);
  });

  test("bytes past 2^53 become the nearest double", async () => {
    const mirror = tableOf([serviceOf(web)]);
    mirror.counters[3] = 2n ** 53n + 1n;
    mirror.counters[4] = 2n ** 60n + 129n;
    const families = await scrape(mirror, false);
    expect(families.get("ipvs_incoming_bytes_total")?.samples[1]?.value).toBe(2 ** 53);
    expect(families.get("ipvs_outgoing_bytes_total")?.samples[1]?.value).toBe(2 ** 60 + 256);
  });

  test("the values are of one sample, though the table moves while the text is made", async () => {
    const mirror = tableOf([serviceOf(web), serverOf(web, "10.1.0.1", 8080, 7)]);
    const before = await scrape(mirror, true);
    const underWay = metricsText(mirror, { servers: true });
    mirror.counters.fill(5n);
    mirror.gauges.fill(5);
    const after = parseExposition(await underWay);
    for (const name of [...Object.keys(tableFamilies), "ipvs_weight"])
      expect(after.get(name)).toEqual(before.get(name));
  });

  test("this process is told of once, however many ask", async () => {
    const [families] = await Promise.all([scrape(mirrorOf(1, 1), false), scrape(mirrorOf(1, 1), true)]);
    expect(families?.get("process_resident_memory_bytes")?.samples[0]?.value).toBeGreaterThan(1e6);
    expect(families?.get("nodejs_version_info")?.samples).toHaveLength(1);
  });

  test("1,000 services with 10 servers: one series for each scope and family, and others get their turn in between", async () => {
    const keys = Array.from({ length: 1000 }, (_, n) => ({ ...web, address: `10.${n >> 8}.${n & 255}.1` }));
    const rows = keys.flatMap((key) => [
      serviceOf(key),
      ...Array.from({ length: 10 }, (_, m) => serverOf(key, `10.200.0.${m}`, 80, 1)),
    ]);
    const mirror = tableOf(rows);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    const families = await scrape(mirror, true);
    clearInterval(counting);
    expect(turns).toBeGreaterThanOrEqual(Object.keys(tableFamilies).length);
    for (const name of Object.keys(tableFamilies)) expect(families.get(name)?.samples).toHaveLength(11_001);
    expect(families.get("ipvs_weight")?.samples).toHaveLength(10_000);
    const totals = await metricsText(mirror, { servers: false });
    expect(totals.length).toBeLessThan(1_000_000);
  });
});

test.each([
  ["a line without its end", "# TYPE a gauge\na 1"],
  ["a sample before its TYPE", "a 1\n"],
  ["a sample under another's TYPE", "# TYPE a gauge\nb 1\n"],
  ["a family in two places", "# TYPE a gauge\na 1\n# TYPE b gauge\n# TYPE a gauge\n"],
  ["one label set twice", '# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 2\n'],
  ["an escape that is none", '# TYPE a gauge\na{x="\\t"} 1\n'],
  ["a quote that breaks out", '# TYPE a gauge\na{x="1" 2"} 1\n'],
  ["a value that is no number", "# TYPE a gauge\na 1,000\n"],
])("the parser of these tests refuses %s", (_, text) => {
  expect(() => parseExposition(text)).toThrow();
});
