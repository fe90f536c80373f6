import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import type { Measured, ServerEntry, ServicesDocument } from "#domain/services-document";
import { servicesTable } from "./services-table.ts";

const zero = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };

/** Values that start at `n`; null is a gap in every rate. */
function measured(n: number | null, active = 0): Measured {
  const rate = (factor: number) => (n === null ? null : n * factor);
  return {
    counters: zero,
    rates: {
      connectionsPerSecond: rate(1),
      inPacketsPerSecond: rate(10),
      outPacketsPerSecond: rate(0),
      inBytesPerSecond: rate(1000),
      outBytesPerSecond: rate(1e6),
    },
    gauges: { active, inactive: 12_345, persistent: 0 },
  };
}

function server(address: string, change: Partial<ServerEntry["spec"]>, rest: Partial<ServerEntry> = {}): ServerEntry {
  const spec = {
    address,
    port: 8080,
    forward: "nat",
    weight: 1,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
  } as const;
  return { id: "", state: "up", spec: { ...spec, ...change }, drainedWeight: null, ...measured(null), ...rest };
}

const spec = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const document: ServicesDocument = {
  sampledAt: "2026-01-02T03:04:05.000Z",
  director: { kind: "kernel", host: "lvs1", kernel: "6.12.1", version: "1.2.1", connectionTableSize: 4096 },
  totals: measured(3),
  services: [
    {
      ...{ id: "", key: { kind: "address", protocol: "tcp", address: "10.0.0.1", port: 80 }, state: "degraded" },
      spec: { ...spec, persistence: { timeoutS: 360, netmask: "255.255.255.255" } },
      ...measured(2.5, 7),
      servers: [
        server("2001:db8::7", { forward: "tunnel", tunnel: { type: "ipip", port: 0, checksum: "none" } }),
        server("10.1.0.2", { weight: 0 }, { state: "draining" }),
        server("10.1.0.3", { weight: 100, upperThreshold: 9 }, { state: "full" }),
      ],
    },
    {
      id: "",
      key: { kind: "fwmark", family: 6, mark: 4_294_967_295 },
      state: "empty",
      spec,
      ...measured(0),
      servers: [],
    },
  ],
};

const text = `\
IP Virtual Server version 1.2.1 (size=4096) on lvs1, kernel 6.12.1, 2026-01-02T03:04:05.000Z
Service / real server    State         Method  Weight  Active  Inactive  Conn/s  Pkt/s in  Pkt/s out   Traffic in  Traffic out  Options
TCP  10.0.0.1:80         Degraded 1/3  wlc                  7    12,345    2.50      25.0          0  20.0 kbit/s  20.0 Mbit/s  -p 360
  -> [2001:db8::7]:8080  Up            Tunnel       1       0    12,345       -         -          -            -            -  --tun-type ipip
  -> 10.1.0.2:8080       Draining      NAT          0       0    12,345       -         -          -            -            -
  -> 10.1.0.3:8080       Full          NAT        100       0    12,345       -         -          -            -            -  -x 9
MARK 4294967295 IPv6     Empty         wlc                  0    12,345       0         0          0      0 bit/s      0 bit/s
Total                                                       0    12,345    3.00      30.0          0  24.0 kbit/s  24.0 Mbit/s`;

describe("servicesTable", () => {
  test("a line a service, its servers under it, the table's totals last", () => {
    expect(servicesTable(document, false)).toBe(text);
  });

  test("a long address makes its column wide, and every number stays under the end of its title", () => {
    const [service] = document.services;
    if (!service) throw new Error("no service");
    const long = server("2001:db8:1111:2222:3333:4444:5555:6666", { weight: 2_147_483_647 }, measured(0.004, 99_999));
    const [, head = "", ...lines] = servicesTable(
      { ...document, services: [{ ...service, servers: [long] }] },
      false,
    ).split("\n");
    expect(lines[1]).toContain("[2001:db8:1111:2222:3333:4444:5555:6666]:8080  ");
    for (const title of [
      "Weight",
      "Active",
      "Inactive",
      "Conn/s",
      "Pkt/s in",
      "Pkt/s out",
      "Traffic in",
      "Traffic out",
    ]) {
      const end = head.indexOf(title, title === "Active" ? head.indexOf("Weight") : 0) + title.length;
      for (const line of lines) expect(line.slice(end, end + 2).trim(), `${title} in ${line}`).toBe("");
    }
    expect(lines[1]).toMatch(/ 2147483647 +99,999 +12,345 +<0\.01 +0\.04 +0 +32\.0 bit\/s +32\.0 kbit\/s$/);
  });

  test("colours repeat what the state's word says, and move nothing", () => {
    const coloured = servicesTable(document, true);
    expect(stripVTControlCharacters(coloured)).toBe(text);
    expect(coloured).toContain("\u001b[33mDegraded 1/3\u001b[39m");
    expect(coloured).toContain("\u001b[36mDraining");
  });

  test("a simulated table says so first; an empty one that it is empty", () => {
    const director = {
      kind: "simulated",
      host: "h\u001b[31m",
      kernel: "k",
      version: "1.2.1",
      connectionTableSize: 1,
    } as const;
    const [first, second, third, ...more] = servicesTable({ ...document, director, services: [] }, false).split("\n");
    expect(first).toMatch(/^Simulated: /);
    expect(second).toBe("IP Virtual Server version 1.2.1 (size=1) on h, kernel k, 2026-01-02T03:04:05.000Z");
    expect(third).toBe("No virtual services yet");
    expect(more).toEqual([]);
  });
});
