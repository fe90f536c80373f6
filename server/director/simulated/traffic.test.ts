import { describe, expect, test } from "vitest";
import { largeTable } from "../simulated.ts";
import { usualTable } from "./seed-table.ts";
import { Simulation, webId, webKey, webServer, webServerId, webService } from "./simulation.ts";

const minutes = 60;
const setWeight = (index: number, weight: number) =>
  ({ command: "set-server", service: webKey, server: webServer(index, weight).spec }) as const;

describe("determinism", () => {
  async function story(seed: number, askedEveryS: number) {
    const simulation = new Simulation(usualTable, seed);
    for (let second = 0; second < 120; second += askedEveryS) {
      simulation.pass(askedEveryS);
      await simulation.ipvs.snapshot();
    }
    return simulation.ipvs.snapshot();
  }

  test("the same seed and clock give the same table to the last byte, however often it was asked", async () => {
    const once = await story(7, 1);
    expect(await story(7, 1)).toEqual(once);
    expect(await story(7, 0.25)).toEqual(once);
    expect(await story(7, 60)).toEqual(once);
  });

  test("another seed gives other traffic", async () => {
    expect((await story(8, 1)).counters).not.toEqual((await story(7, 1)).counters);
  });

  test("an edit of one service leaves the traffic of the others as it would have been", async () => {
    const [touched, untouched] = [new Simulation(usualTable), new Simulation(usualTable)];
    await touched.ipvs.write([{ command: "new-service", service: webKey, spec: webService({}, []).spec }]);
    await touched.ipvs.write([{ command: "new-server", service: webKey, server: webServer(1, 1).spec }]);
    for (const simulation of [touched, untouched]) simulation.pass(30);
    const rows = await touched.read();
    for (const [id, reading] of await untouched.read()) expect(rows.get(id)).toEqual(reading);
    expect(rows.get(webId)?.connections).toBeGreaterThan(0);
  });
});

test("counters move every 2 s only, gauges every second", async () => {
  const simulation = new Simulation([webService({}, [webServer(1, 1)])]);
  const counterMoves: number[] = [];
  const gaugeMoves: number[] = [];
  let before = await simulation.row(webId);
  for (let halfSecond = 1; halfSecond <= 40; halfSecond++) {
    simulation.pass(0.5);
    const now = await simulation.row(webId);
    if (now.connections !== before.connections || now.inBytes !== before.inBytes) counterMoves.push(halfSecond / 2);
    if (now.active !== before.active) gaugeMoves.push(halfSecond / 2);
    before = now;
  }
  expect(counterMoves).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
  expect(gaugeMoves.every(Number.isInteger)).toBe(true);
  expect(gaugeMoves.some((second) => second % 2 === 1)).toBe(true);
});

test("the rate is that of the profile, with noise", async () => {
  const simulation = new Simulation([webService({}, [webServer(1, 1)], { connectionsPerSecond: 50 })]);
  const perPeriod: number[] = [];
  for (let period = 0; period < 150; period++) perPeriod.push(...(await simulation.newConnections(2, 1)));
  const mean = perPeriod.reduce((a, b) => a + b, 0) / perPeriod.length / 2;
  expect(mean).toBeGreaterThan(46);
  expect(mean).toBeLessThan(54);
  expect(new Set(perPeriod).size).toBeGreaterThan(10);
});

describe("connections live and go", () => {
  test("TCP: established, then inactive, then gone; quiescing lets them run out and takes no new ones", async () => {
    const simulation = new Simulation([webService({}, [webServer(1, 1), webServer(2, 1)])]);
    const before = await simulation.row(webServerId(1));
    expect(before.active).toBeGreaterThan(20);
    expect(before.inactive).toBeGreaterThan(before.active);
    await simulation.ipvs.write([setWeight(1, 0)]);
    expect(await simulation.row(webServerId(1))).toEqual(before);
    // What was counted since the last copy is shown first.
    simulation.pass(2);
    const { connections } = await simulation.row(webServerId(1));
    simulation.pass(minutes);
    const later = await simulation.row(webServerId(1));
    expect(later.active).toBeLessThan(3);
    expect(later.inactive).toBeGreaterThan(100);
    expect(later.inactive).toBeLessThan(before.inactive);
    simulation.pass(30 * minutes);
    expect(await simulation.row(webServerId(1))).toMatchObject({ active: 0, inactive: 0, connections });
    expect((await simulation.row(webServerId(2))).connections).toBeGreaterThan(connections);
  });

  test("UDP is never established, and one-packet connections are not kept at all", async () => {
    const udp = (onePacket: boolean) => ({ ...webService({ onePacket }, [webServer(1, 1)], { establishedS: 0 }) });
    const kept = await new Simulation([udp(false)]).row(webId);
    expect(kept).toMatchObject({ active: 0 });
    expect(kept.inactive).toBeGreaterThan(1000);
    const once = await new Simulation([udp(true)]).row(webId);
    expect(once).toMatchObject({ active: 0, inactive: 0 });
    expect(once.connections).toBeGreaterThan(1000);
  });

  test("replies are counted where they come back through the director", async () => {
    const servers = (["nat", "direct", "forward-6"] as const).map((forward, i) => webServer(i + 1, 1, { forward }));
    const simulation = new Simulation([webService({ scheduler: "rr" }, servers)]);
    const [nat, direct, nowhere] = await Promise.all([1, 2, 3].map((index) => simulation.row(webServerId(index))));
    expect(nat?.outBytes).toBeGreaterThan(1000);
    expect(direct).toMatchObject({ outPackets: 0, outBytes: 0 });
    expect(direct?.inBytes).toBeGreaterThan(1000);
    expect(nowhere).toMatchObject({ connections: 0, inPackets: 0, active: 0, inactive: 0 });
  });

  test("a service's gauges are the sum of its servers', and the totals of every service that ever was", async () => {
    const simulation = new Simulation(usualTable);
    const { rows, gauges } = await simulation.ipvs.snapshot();
    const sums = new Map<string, number>();
    rows.forEach((row, at) => {
      if (row.kind === "server") sums.set(row.serviceId, (sums.get(row.serviceId) ?? 0) + (gauges[at * 3 + 1] ?? 0));
    });
    rows.forEach((row, at) => {
      if (row.kind === "service") expect(gauges[at * 3 + 1]).toBe(sums.get(row.id) ?? 0);
    });
    const before = await simulation.ipvs.totals();
    const services = [...(await simulation.read())].filter(([id]) => !id.includes(">"));
    expect(Number(before[0])).toBe(services.reduce((sum, [, reading]) => sum + reading.connections, 0));
    await simulation.ipvs.write([{ command: "flush" }]);
    expect(await simulation.ipvs.totals()).toEqual(before);
  });
});

describe("thresholds", () => {
  test("a full server gets nothing until three quarters are left, or the lower threshold is passed", async () => {
    for (const [lowerThreshold, resumesBelow] of [
      [0, 75],
      [90, 90],
    ] as const) {
      const server = webServer(1, 1, { upperThreshold: 100, lowerThreshold });
      const simulation = new Simulation([webService({}, [server], { connectionsPerSecond: 10 })]);
      let before = 0;
      let full = false;
      const resumedAt: number[] = [];
      for (let second = 0; second < 10 * minutes; second++) {
        simulation.pass(1);
        const { active, inactive } = await simulation.row(webServerId(1));
        const total = active + inactive;
        expect(total).toBeLessThanOrEqual(100);
        if (full && total > before) {
          resumedAt.push(before);
          full = false;
        }
        if (total === 100) full = true;
        before = total;
      }
      expect(resumedAt.length).toBeGreaterThan(5);
      // Within a second a few end before the next begin.
      for (const total of resumedAt) expect(Math.abs(total - resumesBelow)).toBeLessThan(5);
    }
  });

  test("what a full server does not take goes to the others; raising the limit lets it take again", async () => {
    const full = webServer(1, 1, { upperThreshold: 50, lowerThreshold: 1 });
    const simulation = new Simulation([webService({ scheduler: "rr" }, [full, webServer(2, 1)])]);
    const [none, all] = await simulation.newConnections(minutes, 1, 2);
    expect(none).toBe(0);
    expect(all).toBeGreaterThan(1000);
    const raised = { ...full.spec, upperThreshold: 1_000_000 };
    await simulation.ipvs.write([{ command: "set-server", service: webKey, server: raised }]);
    const [some] = await simulation.newConnections(minutes, 1, 2);
    expect(some).toBeGreaterThan(400);
  });
});

describe("cost", () => {
  test("1,000 services with 10 servers look at each server once a second and once a pick", async () => {
    const simulation = new Simulation(largeTable({ services: 1000, servers: 10 }));
    const before = simulation.ipvs.visits;
    simulation.pass(10);
    await simulation.ipvs.snapshot();
    expect((simulation.ipvs.visits - before) / 10).toBeLessThan(10_000 + 1000 * 4.5 * 10);
  });

  test("a busy service costs no more than 32 picks a second", async () => {
    const servers = [1, 2, 3].map((index) => webServer(index, 1));
    const simulation = new Simulation([webService({ scheduler: "wrr" }, servers, { connectionsPerSecond: 1_000_000 })]);
    const before = simulation.ipvs.visits;
    const counts = await simulation.newConnections(10, 1, 2, 3);
    expect(simulation.ipvs.visits - before).toBeLessThanOrEqual(10 * (3 + 32 * 3));
    for (const count of counts) expect(count / 10_000_000).toBeCloseTo(1 / 3, 1);
  });

  test("a table that nobody looked at for a day catches up in 300 strides", async () => {
    const simulation = new Simulation([webService({}, [webServer(1, 1)])]);
    const before = simulation.ipvs.visits;
    const [counted = 0] = await simulation.newConnections(86_400, 1);
    expect(simulation.ipvs.visits - before).toBeLessThanOrEqual(300 * 33);
    expect(counted / 86_400).toBeCloseTo(20, -1);
  });
});
