import { describe, expect, test } from "vitest";
import type { Connection, ConnectionFilter } from "#domain/connection";
import { connectionFilterSchema } from "#domain/connection";
import { decodeConnection } from "#domain/connections/packed-row";
import { endpoint } from "#domain/endpoint";

import { factsOf } from "../connection-reads.ts";
import { persistentServices } from "../persistent-services.ts";
import { largeTable, SimulatedIpvs, usualTable, withConnections } from "../simulated.ts";
import { Simulation, webKey, webServer, webService } from "./simulation.ts";

/** Every row of a simulated table that a filter takes. */
async function rowsOf(ipvs: SimulatedIpvs, filter: Partial<ConnectionFilter> = {}): Promise<Connection[]> {
  const { rows } = await ipvs.snapshot();
  const plan = { group: null, rowsExpected: 0, maxHeld: 1_000_000, maxGroups: 1000 };
  const persistent = persistentServices(rows);
  const read = await ipvs.connections.open({ ...plan, persistent, filter: connectionFilterSchema.parse(filter) });
  await read.run(60_000);
  const page = await read.rows({ sort: null, descending: false, offset: 0, limit: 1_000_000 });
  return Array.from(page.holds, (held, index) => decodeConnection(page.packed, index, page, held));
}

const usual = (table = usualTable) => new SimulatedIpvs({ seed: 1, now: () => 0, table });
const countBy = <T>(items: readonly T[], key: (item: T) => string) => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(key(item), (counts.get(key(item)) ?? 0) + 1);
  return counts;
};

describe("the connections of a simulated table", () => {
  test("are as many as every server counts, active and inactive ones apart", async () => {
    const ipvs = usual(withConnections(usualTable, 5000));
    const { rows, gauges } = await ipvs.snapshot();
    const listed = await rowsOf(ipvs);
    const marked = (row: Connection) => row.virtual.address === "192.0.2.77" || row.virtual.address === "2001:db8::77";
    const isOf = (row: Connection) => `${endpoint(row.virtual.address, row.virtual.port)}>${row.protocol}`;
    const all = countBy(
      listed.filter((row) => !marked(row)),
      (row) => `${isOf(row)}>${endpoint(row.server.address, row.server.port)}`,
    );
    const established = countBy(
      listed.filter(({ state }) => state === "ESTABLISHED"),
      (row) => `${isOf(row)}>${endpoint(row.server.address, row.server.port)}`,
    );
    const services = new Map(rows.flatMap((row) => (row.kind === "service" ? [[row.id, row]] : [])));
    let seen = 0;
    rows.forEach((row, at) => {
      if (row.kind !== "server") return;
      const key = services.get(row.serviceId)?.key;
      if (key?.kind !== "address") return;
      const name = `${endpoint(key.address, key.port)}>${key.protocol}>${endpoint(row.spec.address, row.spec.port)}`;
      const [active = 0, inactive = 0] = gauges.subarray(at * 3);
      expect([name, all.get(name) ?? 0]).toEqual([name, active + inactive]);
      expect([name, established.get(name) ?? 0]).toEqual([name, active]);
      seen += active + inactive;
    });
    expect(seen + listed.filter(marked).length).toBe(factsOf(await ipvs.snapshot()).connections);
    expect(seen).toBeGreaterThan(3000);
  });

  test("are of all kinds: states of TCP, UDP and SCTP, both families, mixed ones, templates with an engine and of marks", async () => {
    const ipvs = usual();
    const listed = await rowsOf(ipvs);
    const states = new Set(listed.map(({ protocol, state }) => `${protocol} ${state}`));
    for (const state of ["tcp ESTABLISHED", "tcp TIME_WAIT", "tcp FIN_WAIT", "udp UDP", "sctp ESTABLISHED"])
      expect(states).toContain(state);
    expect([...states].filter((name) => name.startsWith("sctp ")).length).toBeGreaterThan(1);
    expect(listed.some(({ client, server }) => client.address.includes(".") && server.address.includes(":"))).toBe(
      true,
    );
    expect(listed.some(({ client, server }) => client.address.includes(":") && server.address.includes(":"))).toBe(
      true,
    );
    const templates = await rowsOf(ipvs, { kind: "templates" });
    expect(templates.every(({ isTemplate, client }) => isTemplate && client.port === 0)).toBe(true);
    expect(templates.find(({ engine }) => engine)?.engine).toMatchObject({
      name: "sip",
      data: expect.stringContaining("@"),
    });
    expect(templates.filter(({ protocol }) => protocol === "ip").map(({ virtual }) => virtual.address)).toContain(
      "0.0.0.7",
    );
  });

  test("have templates as many as there are persistent clients, which hold their connections", async () => {
    const ipvs = usual();
    const { rows, gauges } = await ipvs.snapshot();
    const templates = await rowsOf(ipvs, { kind: "templates" });
    const at = rows.findIndex(({ id }) => id === "tcp:192.0.2.10:443");
    const own = templates.filter(({ virtual }) => virtual.address === "192.0.2.10");
    expect(own).toHaveLength(gauges[at * 3 + 2] ?? -1);
    const held = own.reduce((sum, { holds }) => sum + (holds ?? 0), 0);
    expect(held).toBe((gauges[at * 3] ?? 0) + (gauges[at * 3 + 1] ?? 0));
    const nets = templates.filter(({ virtual }) => virtual.port === 5060).map(({ client }) => client.address);
    expect(nets.every((address) => address.endsWith(".0"))).toBe(true);
    expect(new Set(nets).size).toBe(nets.length);
  });

  test("are the same for the same seed and clock, and keep their client while they are there", async () => {
    expect(await rowsOf(usual())).toEqual(await rowsOf(usual()));
    const simulation = new Simulation([
      webService({}, [webServer(1, 1)], { connectionsPerSecond: 10, establishedS: 5 }),
    ]);
    const name = ({ client }: Connection) => endpoint(client.address, client.port);
    const before = new Set((await rowsOf(simulation.ipvs)).map(name));
    simulation.pass(3);
    const after = (await rowsOf(simulation.ipvs)).map(name);
    const still = after.filter((one) => before.has(one)).length;
    expect(still).toBeGreaterThan(after.length * 0.8);
    expect(still).toBeLessThan(after.length);
  });

  test("are told apart by protocol, client and virtual address, as a kernel's hash needs it", async () => {
    const listed = await rowsOf(usual(withConnections(usualTable, 50_000)));
    const names = listed.map(({ protocol, client, virtual }) => JSON.stringify([protocol, client, virtual]));
    expect(new Set(names).size).toBe(listed.length);
    expect(Math.min(...listed.map(({ client }) => client.port))).toBeGreaterThanOrEqual(1024);
    expect(Math.max(...listed.map(({ client }) => client.port))).toBeLessThanOrEqual(65_535);
  });

  test("come in no order of their servers", async () => {
    const listed = await rowsOf(usual(withConnections(usualTable, 3000)));
    const first = new Set(listed.slice(0, 200).map(({ server }) => server.address));
    expect(first.size).toBeGreaterThan(10);
  });

  test("of a server that was removed stay until they run out", async () => {
    const simulation = new Simulation([webService({}, [webServer(1, 1)])]);
    const { spec } = webServer(1, 1);
    const before = await rowsOf(simulation.ipvs);
    await simulation.ipvs.write([{ command: "delete-server", service: webKey, server: spec }]);
    const after = await rowsOf(simulation.ipvs, { server: endpoint(spec.address, spec.port) });
    expect(after).toHaveLength(before.length);
    simulation.pass(1000);
    expect(await rowsOf(simulation.ipvs)).toEqual([]);
  });

  test("say who made them: this director, or another one where a backup daemon runs", async () => {
    const simulation = new Simulation([webService({}, [webServer(1, 1)])]);
    const origins = async () =>
      countBy(await rowsOf(simulation.ipvs, { origin: "any" }), ({ origin }) => String(origin));
    const { size } = await origins();
    expect(size).toBe(1);
    await simulation.ipvs.startDaemon({ role: "backup", interface: "eth0", syncId: 1 });
    const both = await origins();
    expect([...both.keys()].sort()).toEqual(["local", "sync"]);
    expect(both.get("local") ?? 0).toBeGreaterThan(both.get("sync") ?? 0);
  });

  test("are refused like everything else when the module is gone", async () => {
    const ipvs = usual();
    ipvs.fail("ENOENT-family");
    const filter = connectionFilterSchema.parse({});
    const plan = { filter, group: null, rowsExpected: 0, maxHeld: 1, maxGroups: 1, persistent: [] };
    await expect(ipvs.connections.open(plan)).rejects.toMatchObject({ code: "ENOENT", operation: "family" });
  });
});

describe("as many as were asked for", () => {
  test.each([
    ["the usual table", usualTable, 100_000],
    ["the usual table", usualTable, 2000],
    ["a large one", largeTable({ services: 200, servers: 5 }), 50_000],
  ])("%s, %#", async (_, table, wanted) => {
    const { connections } = factsOf(await usual(withConnections(table, wanted)).snapshot());
    expect(Math.abs(connections - wanted) / wanted).toBeLessThan(0.15);
  });
});

describe("a reading speed", () => {
  test("makes a budget end in a part", async () => {
    const table = withConnections(usualTable, 3000);
    const ipvs = new SimulatedIpvs({ seed: 1, now: () => 0, table, rowsPerSecond: 2000 });
    const filter = connectionFilterSchema.parse({});
    const plan = { filter, group: null, rowsExpected: 0, maxHeld: 10_000, maxGroups: 1, persistent: [] };
    const read = await ipvs.connections.open(plan);
    const progress = await read.run(100);
    expect(progress.state).toBe("paused");
    expect(progress.rowsRead).toBeGreaterThanOrEqual(100);
    expect(progress.rowsRead).toBeLessThan(1500);
    read.close();
  });
});
