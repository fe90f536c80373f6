import { describe, expect, test } from "vitest";
import { Simulation, webId, webKey, webServer, webServerId, webService } from "./simulation.ts";

const minutes = 60;
const netmask = "255.255.255.255";
const quiesce = { command: "set-server", service: webKey, server: webServer(1, 0).spec } as const;

describe("persistence", () => {
  test("clients come back to a quiesced server, which without persistence gets none", async () => {
    const servers = [webServer(1, 1), webServer(2, 1)];
    const persistent = webService({ persistence: { timeoutS: 3600, netmask } }, servers, { clients: 100 });
    const simulation = new Simulation([persistent]);
    await simulation.ipvs.write([quiesce]);
    simulation.pass(2);
    const [kept, other] = await simulation.newConnections(5 * minutes, 1, 2);
    expect(kept).toBeGreaterThan(2000);
    expect(other).toBeGreaterThan(2000);

    const plain = new Simulation([webService({}, servers)]);
    await plain.ipvs.write([quiesce]);
    plain.pass(2);
    expect((await plain.newConnections(5 * minutes, 1))[0]).toBe(0);
  });

  test("every client has one template, and the servers count them", async () => {
    const servers = [webServer(1, 1), webServer(2, 1), webServer(3, 1)];
    const persistence = { timeoutS: 3600, netmask };
    const simulation = new Simulation([webService({ persistence }, servers, { clients: 120 })]);
    const rows = await Promise.all([1, 2, 3].map((index) => simulation.row(webServerId(index))));
    expect((await simulation.row(webId)).persistent).toBe(120);
    for (const { persistent } of rows) expect(persistent).toBeGreaterThan(20);
  });

  test("templates of clients that stay away expire, and then a quiesced server is left alone", async () => {
    const persistence = { timeoutS: 30, netmask };
    const servers = [webServer(1, 1), webServer(2, 1)];
    const rare = { clients: 5000, connectionsPerSecond: 2 };
    const simulation = new Simulation([webService({ persistence }, servers, rare)]);
    expect((await simulation.row(webServerId(1))).persistent).toBeGreaterThan(10);
    await simulation.ipvs.write([quiesce]);
    simulation.pass(10 * minutes);
    expect((await simulation.row(webServerId(1))).persistent).toBeLessThan(3);
    expect((await simulation.row(webServerId(2))).persistent).toBeGreaterThan(20);
  });

  test.each([
    ["255.255.255.0", 50, 400],
    ["0.0.0.0", 1, 1],
  ])("under the netmask %s clients are grouped", async (coarse, fewest, most) => {
    const persistence = { timeoutS: 3600, netmask: coarse };
    const service = webService({ persistence }, [webServer(1, 1), webServer(2, 1)], { clients: 800 });
    const { persistent } = await new Simulation([service]).row(webId);
    expect(persistent).toBeGreaterThanOrEqual(fewest);
    expect(persistent).toBeLessThanOrEqual(most);
  });

  test("templates of a server that was removed lead nowhere: its clients are scheduled anew", async () => {
    const persistence = { timeoutS: 3600, netmask };
    const simulation = new Simulation([
      webService({ persistence }, [webServer(1, 1), webServer(2, 1)], { clients: 100 }),
    ]);
    await simulation.ipvs.write([{ command: "delete-server", service: webKey, server: webServer(1, 1).spec }]);
    simulation.pass(5 * minutes);
    expect((await simulation.row(webServerId(2))).persistent).toBe(100);
  });

  test("taking persistence away takes the templates away", async () => {
    const servers = [webServer(1, 1)];
    const simulation = new Simulation([webService({ persistence: { timeoutS: 3600, netmask } }, servers)]);
    expect((await simulation.row(webId)).persistent).toBeGreaterThan(100);
    const { spec } = webService({}, []);
    await simulation.ipvs.write([{ command: "set-service", service: webKey, spec }]);
    expect((await simulation.row(webId)).persistent).toBe(0);
  });
});
