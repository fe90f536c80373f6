import { describe, expect, it } from "vitest";
import { changesSchema } from "#domain/change";
import { type ObservedServerSpec, serverId } from "#domain/real-server";
import { type ServiceKey, serviceId } from "#domain/service";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import {
  chooseForRemoval,
  chooseServers,
  drains,
  lossOf,
  removals,
  restores,
  serviceIdsOf,
  weightChanges,
} from "./plan.ts";

const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };

function server(
  service: ServiceKey,
  address: string,
  weight: number,
  active = 0,
  drainedWeight: number | null = null,
): ServerRecord {
  const spec: ObservedServerSpec = {
    address,
    port: 8080,
    forward: "nat",
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
  };
  return {
    kind: "server",
    id: serverId(service, spec),
    serviceId: serviceId(service),
    spec,
    counters,
    gauges: { active, inactive: 1, persistent: 0 },
    drainedWeight,
  };
}

function service(
  port: number,
  ...servers: [address: string, weight: number, active?: number, drainedWeight?: number | null][]
): ServiceRecord {
  const key: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port };
  const records = servers.map((parts) => server(key, ...parts));
  return {
    kind: "service",
    id: serviceId(key),
    key,
    spec: { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
    counters,
    gauges: {
      active: records.reduce((sum, { gauges }) => sum + gauges.active, 0),
      inactive: records.length,
      persistent: 0,
    },
    servers: records,
  };
}

const web = service(80, ["10.0.0.1", 1, 5], ["10.0.0.2", 0, 7, 3]);
const mail = service(25, ["10.0.0.3", 2, 11], ["2001:db8::3", 0]);
const table = [web, mail];
const [webOne, webTwo] = web.servers.map(({ id }) => id) as [string, string];
const [mailOne, mailTwo] = mail.servers.map(({ id }) => id) as [string, string];

describe("a choice of rows", () => {
  it("reads every service concerned once", () => {
    expect(serviceIdsOf([web.id, webOne, webTwo, mailTwo])).toEqual([web.id, mail.id]);
  });

  it("means every server of a chosen service, each once, and says what is gone", () => {
    const chosen = chooseServers([web.id, webOne, mailOne, "tcp:192.0.2.99:80>10.0.0.9:80"], table);
    expect(chosen.servers.map((row) => row.server.id)).toEqual([webOne, webTwo, mailOne]);
    expect(chosen.missing).toEqual(["tcp:192.0.2.99:80>10.0.0.9:80"]);
  });

  it("removes a server of a removed service only once, with the service", () => {
    const chosen = chooseForRemoval([web.id, webOne, mailOne], table);
    expect(removals(chosen).map((change) => change.verb)).toEqual(["remove-server", "remove-service"]);
    expect(lossOf(chosen)).toEqual({ services: 1, servers: 3, active: 23, connections: 26 });
  });
});

describe("a plan", () => {
  const all = chooseServers([web.id, mail.id], table).servers;

  it("carries what was seen, so that a table that moved is not overwritten", () => {
    const changes = [
      ...removals(chooseForRemoval([mail.id, webOne], table)),
      ...drains(all),
      ...restores(all),
      ...weightChanges(all, 9),
    ];
    expect(changes.every((change) => "expected" in change && change.expected !== undefined)).toBe(true);
    expect(changesSchema.parse(changes)).toEqual(changes);
  });

  it("drains what takes connections and restores what was drained here, and nothing else", () => {
    expect(drains(all).map((change) => "server" in change && change.server.address)).toEqual(["10.0.0.1", "10.0.0.3"]);
    expect(restores(all).map((change) => "server" in change && change.server.address)).toEqual(["10.0.0.2"]);
  });

  it("leaves servers alone that have the weight already, and makes weight 0 a drain, which remembers", () => {
    expect(weightChanges(all, 2)).toHaveLength(3);
    expect(weightChanges(all, 0).map((change) => change.verb)).toEqual(["drain-server", "drain-server"]);
  });
});
