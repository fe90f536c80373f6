import { describe, expect, test } from "vitest";
import { servicesDocumentSchema } from "#domain/services-document";
import type { TableRow } from "#domain/table";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import { Mirror } from "../mirror.ts";
import { frame, mirrorOf, server, service } from "../mirror-fixture.ts";
import { servicesDocument } from "./services.ts";

const full = { ...server(1, 3, 4), spec: { ...server(1, 3, 4).spec, upperThreshold: 10 } } as TableRow;
const rows = [service(1), server(1, 2), server(1, 10, 0), full, service(2)];

/** Counter c of slot s is 10^19 + 100 s + c, its rates 1000 s / 7 and up. */
function table(change: Parameters<typeof frame>[1] = {}): Mirror {
  const mirror = new Mirror();
  const totals = {
    counters: ["1", "2", "3", "4", "18446744073709551615"],
    rates: [1, 2, 3.45678, null, 5],
    gauges: [7, 8, 9],
  };
  const connections = { active: 6, inactive: 4, persistent: 2 };
  mirror.take(frame(rows, { atMs: 1_700_000_000_250, totals, ...change }, undefined, undefined, connections));
  for (let i = 0; i < rows.length * 5; i++) {
    mirror.counters[i] = 10n ** 19n + BigInt(100 * Math.floor(i / 5) + (i % 5));
    mirror.rates[i] = (1000 * Math.floor(i / 5)) / 7 + (i % 5);
  }
  return mirror;
}

describe("servicesDocument", () => {
  test("is what its schema says, and as JSON it comes back the same", async () => {
    const subject = await simulatedSubject();
    const document = servicesDocument(table(), await subject.director.status());
    await subject.close();
    const read: unknown = JSON.parse(JSON.stringify(document));
    expect(read).toEqual(document);
    expect(servicesDocumentSchema.parse(read)).toEqual(document);
    expect(document.director?.kind).toBe("simulated");
    expect(servicesDocumentSchema.parse(servicesDocument(table()))).not.toHaveProperty("director");
  });

  test("services with their servers in order of names, each with its state and its own values", () => {
    const { sampledAt, services } = servicesDocument(table());
    expect(sampledAt).toBe("2023-11-14T22:13:20.250Z");
    expect(
      services.map(({ id, state, servers }) => [id, state, servers.map((each) => [each.spec.address, each.state])]),
    ).toEqual([
      ["tcp:10.0.0.2:80", "empty", []],
      [
        "udp:10.0.0.1:80",
        "degraded",
        [
          ["10.1.1.2", "up"],
          ["10.1.1.3", "full"],
          ["10.1.1.10", "draining"],
        ],
      ],
    ]);
    const [
      ,
      {
        key,
        spec,
        counters,
        servers: [, second],
      } = { servers: [] },
    ] = services;
    expect(key).toEqual({ kind: "address", protocol: "udp", address: "10.0.0.1", port: 80 });
    expect(spec).toMatchObject({ scheduler: "wlc" });
    expect(counters?.outBytes).toBe("10000000000000000004");
    expect(second).toMatchObject({
      counters: { connections: "10000000000000000300", inPackets: "10000000000000000301" },
      rates: { connectionsPerSecond: 428.6, inPacketsPerSecond: 429.6, outBytesPerSecond: 432.6 },
      gauges: { active: 6, inactive: 4, persistent: 2 },
    });
  });

  test("a gap is null, never 0", () => {
    const mirror = table();
    mirror.rates.fill(Number.NaN);
    const { services, totals } = servicesDocument(mirror);
    const gap = { connectionsPerSecond: null, inPacketsPerSecond: null, outPacketsPerSecond: null };
    expect(services[1]?.rates).toMatchObject({ ...gap, inBytesPerSecond: null, outBytesPerSecond: null });
    expect(services[1]?.servers[0]?.rates).toMatchObject(gap);
    expect(totals.rates).toMatchObject({ outPacketsPerSecond: 3.457, inBytesPerSecond: null });
  });

  test("a drained server's kept weight, and the kernel's totals with every digit", () => {
    const upserted = rows.map((row, slot) => ({ slot, row, drainedWeight: slot === 2 ? 25 : null }));
    const { services, totals } = servicesDocument(table({ upserted }));
    expect(services[1]?.servers.map(({ drainedWeight }) => drainedWeight)).toEqual([null, null, 25]);
    expect(totals.counters.outBytes).toBe("18446744073709551615");
    expect(totals.gauges).toEqual({ active: 7, inactive: 8, persistent: 9 });
  });

  test("an empty table is a document too; no sample at all is none", () => {
    expect(servicesDocument(mirrorOf(0, 0)).services).toEqual([]);
    expect(() => servicesDocument(new Mirror())).toThrow();
  });
});
