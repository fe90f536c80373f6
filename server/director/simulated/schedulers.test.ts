import { describe, expect, test } from "vitest";
import { Simulation, webKey, webServer, webServerId, webService } from "./simulation.ts";

const minutes = 60;

/** Shares of new connections over ten minutes with weights 5, 3 and 1. */
async function shares(scheduler: string, schedulerFlags: ("flag-1" | "flag-2")[] = []): Promise<number[]> {
  const simulation = new Simulation([
    webService({ scheduler, schedulerFlags }, [webServer(1, 5), webServer(2, 3), webServer(3, 1)]),
  ]);
  const counts = await simulation.newConnections(10 * minutes, 1, 2, 3);
  const sum = counts.reduce((a, b) => a + b, 0);
  expect(sum).toBeGreaterThan(10_000);
  return counts.map((count) => count / sum);
}

describe("by weight", () => {
  test.each(["wrr", "wlc", "sed", "nq", "mh", "twos"])("%s shares as the weights say", async (scheduler) => {
    const [first = 0, second = 0, third = 0] = await shares(scheduler);
    expect(first).toBeCloseTo(5 / 9, 1);
    expect(second).toBeCloseTo(3 / 9, 1);
    expect(third).toBeCloseTo(1 / 9, 1);
  });

  test("sh shares as the weights say, as far as 256 buckets can", async () => {
    const [first = 0, second = 0, third = 0] = await shares("sh");
    expect(first).toBeGreaterThan(0.5);
    expect(second).toBeGreaterThan(0.28);
    expect(third).toBeGreaterThan(0.07);
  });

  test.each(["rr", "lc"])("%s shares evenly, whatever the weights", async (scheduler) => {
    for (const share of await shares(scheduler)) expect(share).toBeCloseTo(1 / 3, 1);
  });

  test("wrr is exact: no server is ever a round away from its share", async () => {
    const simulation = new Simulation([webService({ scheduler: "wrr" }, [webServer(1, 7), webServer(2, 2)])]);
    const [first = 0, second = 0] = await simulation.newConnections(5 * minutes, 1, 2);
    expect(Math.abs(first / 7 - second / 2)).toBeLessThan(2);
  });
});

describe("by place", () => {
  test("dh sends one address to one server, and nowhere when that is quiesced", async () => {
    const simulation = new Simulation([webService({ scheduler: "dh" }, [webServer(1, 1), webServer(2, 1)])]);
    const counts = await simulation.newConnections(minutes, 1, 2);
    const chosen = counts[0] === 0 ? 2 : 1;
    expect(counts[chosen - 1]).toBeGreaterThan(1000);
    expect(counts[2 - chosen]).toBe(0);
    await simulation.ipvs.write([{ command: "set-server", service: webKey, server: webServer(chosen, 0).spec }]);
    expect(await simulation.newConnections(minutes, 1, 2)).toEqual([0, 0]);
  });

  test.each([
    ["sh", [], false],
    ["sh", ["flag-1"], true],
    ["mh", [], false],
    ["mh", ["flag-1"], true],
  ] as const)("%s %j: clients of a quiesced server are taken elsewhere: %s", async (scheduler, flags, fallsBack) => {
    const simulation = new Simulation([
      webService({ scheduler, schedulerFlags: [...flags] }, [webServer(1, 1), webServer(2, 1)]),
    ]);
    await simulation.ipvs.write([{ command: "set-server", service: webKey, server: webServer(1, 0).spec }]);
    const [quiesced = 0, other = 0] = await simulation.newConnections(5 * minutes, 1, 2);
    const arriving = 20 * 5 * minutes;
    expect(quiesced).toBe(0);
    if (fallsBack) expect(other).toBeGreaterThan(arriving * 0.9);
    else expect(other).toBeLessThan(arriving * 0.6);
  });

  test.each(["lblc", "lblcr"])("%s keeps an address on its server until that one is overloaded", async (scheduler) => {
    const light = new Simulation([webService({ scheduler }, [webServer(1, 1000), webServer(2, 1000)])]);
    expect((await light.newConnections(minutes, 1, 2)).toSorted((a, b) => a - b)[0]).toBe(0);
    const heavy = new Simulation([webService({ scheduler }, [webServer(1, 60), webServer(2, 60)])]);
    for (const count of await heavy.newConnections(minutes, 1, 2)) expect(count).toBeGreaterThan(0);
  });
});

describe("by order", () => {
  test("fo gives all to the heaviest, and to the next when that is quiesced", async () => {
    const simulation = new Simulation([webService({ scheduler: "fo" }, [webServer(1, 3), webServer(2, 9)])]);
    const [none, all] = await simulation.newConnections(minutes, 1, 2);
    expect(none).toBe(0);
    expect(all).toBeGreaterThan(1000);
    await simulation.ipvs.write([{ command: "set-server", service: webKey, server: webServer(2, 0).spec }]);
    const [next, quiesced] = await simulation.newConnections(minutes, 1, 2);
    expect(next).toBeGreaterThan(1000);
    expect(quiesced).toBe(0);
  });

  test("ovf fills the heaviest up to its weight, then the next", async () => {
    const simulation = new Simulation([webService({ scheduler: "ovf" }, [webServer(1, 40), webServer(2, 50)])]);
    for (let second = 0; second < 30; second++) {
      simulation.pass(1);
      expect((await simulation.row(webServerId(2))).active).toBeLessThanOrEqual(51);
      expect((await simulation.row(webServerId(1))).active).toBeLessThanOrEqual(41);
    }
    const [next, first] = await simulation.newConnections(minutes, 1, 2);
    expect(next).toBeGreaterThan(0);
    expect(first).toBeGreaterThan(next ?? 0);
  });

  test("nq leaves no server idle, however light", async () => {
    const servers = [webServer(1, 1), webServer(2, 1_000_000)];
    const [idle] = await new Simulation([webService({ scheduler: "nq" }, servers)]).newConnections(minutes, 1, 2);
    const [starved] = await new Simulation([webService({ scheduler: "sed" }, servers)]).newConnections(minutes, 1, 2);
    expect(idle).toBeGreaterThan(5);
    expect(starved).toBe(0);
  });

  test("without a scheduler nobody is served", async () => {
    const simulation = new Simulation([webService({ scheduler: "none" }, [webServer(1, 1)])]);
    expect(await simulation.newConnections(minutes, 1)).toEqual([0]);
  });
});
