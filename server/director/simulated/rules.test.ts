import { describe, expect, test } from "vitest";
import type { Command } from "#domain/batch/command";
import type { Ipvs } from "../ipvs.ts";
import type { SimulatedFailure } from "../simulated.ts";
import { usualTable } from "./seed-table.ts";
import { Simulation, webId, webKey, webServer, webServerId, webService } from "./simulation.ts";

const { spec } = webService({}, []);
const add = (index: number, weight = 1): Command => ({
  command: "new-server",
  service: webKey,
  server: webServer(index, weight).spec,
});
const remove = (index: number): Command => ({
  command: "delete-server",
  service: webKey,
  server: webServer(index, 1).spec,
});
const newService: Command = { command: "new-service", service: webKey, spec };

async function codes(ipvs: Ipvs, ...commands: Command[]): Promise<(string | null)[]> {
  return (await ipvs.write(commands)).map((refusal) => refusal?.code ?? null);
}

describe("refusals", () => {
  test("every command of a write is done, also after a refused one", async () => {
    const { ipvs } = new Simulation([]);
    expect(await codes(ipvs, add(1), newService, newService, add(1), add(1), remove(2), add(2))).toEqual([
      "ESRCH",
      null,
      "EEXIST",
      null,
      "EEXIST",
      "ENOENT",
      null,
    ]);
    const { rows } = await ipvs.snapshot();
    expect(rows.map((row) => row.id)).toEqual([webId, webServerId(2), webServerId(1)]);
  });

  test("a refusal carries Linux's number and words", async () => {
    const { ipvs } = new Simulation([]);
    expect(await ipvs.write([{ command: "delete-service", service: webKey }])).toEqual([
      { code: "ESRCH", errno: 3, message: "No such process" },
    ]);
    await expect(ipvs.service(webKey)).rejects.toMatchObject({ code: "ESRCH", errno: 3, operation: "service" });
  });

  test("a name too long for the kernel's field refuses the whole write before any of it", async () => {
    const { ipvs } = new Simulation([]);
    const long = { ...spec, scheduler: "sixteen-letters-" };
    await expect(ipvs.write([newService, { command: "set-service", service: webKey, spec: long }])).rejects.toThrow(
      /longer than 15/,
    );
    expect((await ipvs.snapshot()).rows).toEqual([]);
  });

  test.each<[SimulatedFailure, object]>([
    ["EPERM", { code: "EPERM", errno: 1 }],
    ["ENOENT-family", { code: "ENOENT", operation: "family" }],
    ["ENOPROTOOPT", { code: "ENOPROTOOPT", errno: 92 }],
  ])("made to fail with %s, every call does, and afterwards none", async (failure, fault) => {
    const { ipvs } = new Simulation(usualTable);
    const calls: (() => Promise<unknown>)[] = [
      () => ipvs.snapshot(),
      () => ipvs.service(webKey),
      () => ipvs.write([newService]),
      () => ipvs.info(),
      () => ipvs.totals(),
      () => ipvs.timeouts(),
      () => ipvs.setTimeouts({ tcpS: 1, tcpFinS: 1, udpS: 1 }),
      () => ipvs.daemons(),
      () => ipvs.startDaemon({ role: "master", interface: "eth0", syncId: 1 }),
      () => ipvs.stopDaemon("master"),
    ];
    ipvs.fail(failure);
    for (const call of calls) await expect(call()).rejects.toMatchObject(fault);
    ipvs.fail(null);
    expect(await ipvs.timeouts()).toEqual({ tcpS: 900, tcpFinS: 120, udpS: 300 });
    expect(await codes(ipvs, newService)).toEqual([null]);
  });
});

describe("rows", () => {
  test("are the same array until something is edited, and then the same objects where nothing was", async () => {
    const simulation = new Simulation([webService({}, [webServer(1, 1), webServer(2, 1)])]);
    const { rows } = await simulation.ipvs.snapshot();
    simulation.pass(10);
    await simulation.ipvs.write([{ command: "set-server", service: webKey, server: webServer(1, 1).spec }]);
    expect((await simulation.ipvs.snapshot()).rows).toBe(rows);
    await simulation.ipvs.write([{ command: "set-server", service: webKey, server: webServer(1, 9).spec }]);
    const { rows: edited } = await simulation.ipvs.snapshot();
    expect(edited).not.toBe(rows);
    expect(edited.map((row, at) => row === rows[at])).toEqual([true, true, false]);
  });

  test("counters and gauges are new arrays each time", async () => {
    const { ipvs } = new Simulation(usualTable);
    const [first, second] = [await ipvs.snapshot(), await ipvs.snapshot()];
    expect(first.counters).toEqual(second.counters);
    expect(first.counters.buffer).not.toBe(second.counters.buffer);
    expect(first.gauges.buffer).not.toBe(second.gauges.buffer);
  });

  test("what other fields a forwarding method has are not read back", async () => {
    const { ipvs } = new Simulation([]);
    const server = { ...webServer(1, 1).spec, tunnel: { type: "gre", port: 0, checksum: "none" } };
    await ipvs.write([newService, { command: "new-server", service: webKey, server }]);
    expect((await ipvs.service(webKey)).rows[1]).toMatchObject({ spec: { forward: "nat", tunnel: null } });
  });
});

describe("counters", () => {
  test("survive edits; a removed server has them again when it is added within minutes, with its connections", async () => {
    const simulation = new Simulation([webService({}, [webServer(1, 1), webServer(2, 1)])]);
    const before = await simulation.row(webServerId(1));
    expect(await codes(simulation.ipvs, remove(1))).toEqual([null]);
    expect(await simulation.row(webServerId(1))).toMatchObject({ connections: 0 });
    simulation.pass(20);
    expect(await codes(simulation.ipvs, add(1, 0))).toEqual([null]);
    const after = await simulation.row(webServerId(1));
    expect(after.connections).toBeGreaterThanOrEqual(before.connections);
    expect(after.active).toBeLessThan(before.active);
    expect(after.inactive).toBeGreaterThan(0);
  });

  test("of a server removed long ago are gone", async () => {
    const simulation = new Simulation([webService({}, [webServer(1, 1), webServer(2, 1)])]);
    await simulation.ipvs.write([remove(1)]);
    for (let minute = 0; minute < 60; minute++) {
      simulation.pass(60);
      await simulation.ipvs.snapshot();
    }
    await simulation.ipvs.write([add(1, 0)]);
    expect(await simulation.row(webServerId(1))).toMatchObject({ connections: 0, active: 0, inactive: 0 });
  });

  test("of a server of a removed service start at 0 when both are back, while its connections are still there", async () => {
    const simulation = new Simulation([webService({}, [webServer(1, 1)])]);
    const before = await simulation.row(webServerId(1));
    await simulation.ipvs.write([{ command: "delete-service", service: webKey }, newService, add(1, 0)]);
    expect(await simulation.row(webServerId(1))).toMatchObject({ connections: 0, inactive: before.inactive });
    expect((await simulation.row(webId)).connections).toBe(0);
  });

  test("zeroed, start at 0 and leave gauges alone; a service's zeroing leaves the totals", async () => {
    const simulation = new Simulation(usualTable);
    await simulation.ipvs.write([newService, add(1)]);
    simulation.pass(60);
    const before = await simulation.row(webId);
    const totals = await simulation.ipvs.totals();
    expect(await codes(simulation.ipvs, { command: "zero", service: webKey })).toEqual([null]);
    const after = await simulation.row(webId);
    expect(after).toMatchObject({ connections: 0, inBytes: 0, active: before.active, inactive: before.inactive });
    expect(await simulation.ipvs.totals()).toEqual(totals);
    await simulation.ipvs.write([{ command: "zero", service: null }]);
    for (const [, reading] of await simulation.read()) expect(reading.connections).toBe(0);
    expect((await simulation.ipvs.totals()).every((total) => total === 0n)).toBe(true);
    simulation.pass(10);
    expect((await simulation.row(webId)).connections).toBeGreaterThan(0);
  });
});
