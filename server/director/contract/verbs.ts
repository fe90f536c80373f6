import { describe, expect, it } from "vitest";
import type { ServerSpec } from "#domain/real-server";
import type { ServiceKey, ServiceSpec } from "#domain/service";
import {
  addServer,
  addService,
  dns,
  editServer,
  http,
  http6,
  ipip,
  mark4,
  mark6,
  removeServer,
  sctp,
  server,
  setWeight,
  spec,
  threeWebs,
  web1,
  web2,
} from "./samples.ts";
import { type MakeSubject, settings, settingsOf, useSubject } from "./subject.ts";

const localDns: Extract<ServiceKey, { kind: "address" }> = {
  kind: "address",
  protocol: "udp",
  address: "127.0.0.1",
  port: 5300,
};
const localServer = server({ address: "127.0.0.1", port: 5301 });

const services: [string, ServiceKey, Partial<ServiceSpec>][] = [
  ["TCP", http, {}],
  ["UDP, one packet", dns, { scheduler: "rr", onePacket: true }],
  ["SCTP", sctp, { scheduler: "wrr" }],
  ["IPv6", http6, { scheduler: "lc" }],
  ["a mark", mark4, { scheduler: "sed", onePacket: true }],
  ["a mark of IPv6", mark6, { scheduler: "nq" }],
  ["the greatest mark", { kind: "fwmark", family: 4, mark: 4_294_967_295 }, {}],
  ["no scheduler", http, { scheduler: "none" }],
  ["flags of sh", http, { scheduler: "sh", schedulerFlags: ["flag-1", "flag-2"] }],
  ["flags of mh", http, { scheduler: "mh", schedulerFlags: ["flag-2"] }],
  ["all flags", http, { scheduler: "wrr", schedulerFlags: ["flag-1", "flag-2", "flag-3"] }],
  ["persistence", http, { persistence: { timeoutS: 360, netmask: "255.255.255.255" } }],
  ["persistence by network", http, { persistence: { timeoutS: 1, netmask: "255.255.255.0" } }],
  ["persistence by any mask", http, { persistence: { timeoutS: 2_678_400, netmask: "255.0.255.0" } }],
  ["persistence for all clients as one", http, { persistence: { timeoutS: 60, netmask: "0.0.0.0" } }],
  ["persistence by prefix", http6, { persistence: { timeoutS: 60, netmask: "64" } }],
  ["every port", { ...http, port: 0 }, { persistence: { timeoutS: 60, netmask: "255.255.255.255" } }],
  ["an engine", dns, { engine: "sip", persistence: { timeoutS: 60, netmask: "255.255.255.255" } }],
  ["an engine alone", dns, { engine: "sip" }],
];

const servers: [string, ServiceKey, ServerSpec][] = [
  ["NAT to another port", http, server({ port: 8080 })],
  ["direct", http, server({ forward: "direct" })],
  ["tunnel", http, server({ forward: "tunnel", tunnel: ipip })],
  ["GUE", http, server({ forward: "tunnel", tunnel: { type: "gue", port: 6080, checksum: "none" } })],
  [
    "GUE with checksum",
    http,
    server({ forward: "tunnel", tunnel: { type: "gue", port: 65_535, checksum: "checksum" } }),
  ],
  [
    "GUE with remote checksum",
    http,
    server({ forward: "tunnel", tunnel: { type: "gue", port: 1, checksum: "remote-checksum" } }),
  ],
  ["GRE with checksum", http, server({ forward: "tunnel", tunnel: { type: "gre", port: 0, checksum: "checksum" } })],
  ["IPv6", http6, server({ address: "2001:db8:1::1" })],
  ["IPv6 by tunnel in an IPv4 service", http, server({ address: "2001:db8:1::1", forward: "tunnel", tunnel: ipip })],
  ["IPv4 by tunnel in an IPv6 service", http6, server({ forward: "tunnel", tunnel: ipip })],
  ["of a mark, with any port", mark4, server({ forward: "direct", port: 8443 })],
  ["of a mark of IPv6", mark6, server({ address: "2001:db8:1::1", forward: "direct", port: 0 })],
  ["thresholds", http, server({ upperThreshold: 100, lowerThreshold: 50 })],
  [
    "the greatest numbers",
    http,
    server({ weight: 2_147_483_647, upperThreshold: 2_147_483_647, lowerThreshold: 2_147_483_647 }),
  ],
  ["weight 0", http, server({ weight: 0 })],
];

export function verbContract(make: MakeSubject): void {
  describe("every verb", () => {
    const subject = useSubject(make);

    it("starts with an empty table", async () => {
      expect(await subject().director.table()).toEqual([]);
    });

    it.each(services)("adds a service with %s and reads it back as it was set", async (_name, key, parts) => {
      const { director } = subject();
      const {
        results: [result],
      } = await director.apply([addService(key, parts)]);
      expect(result).toMatchObject({ kind: "service", record: { key, spec: spec(parts), servers: [] } });
      expect(await director.service(key)).toEqual(result?.record);
      expect(await director.table()).toEqual([result?.record]);
    });

    it.each(services)("edits a service to %s", async (_name, key, parts) => {
      const { director } = subject();
      const persistence = {
        timeoutS: 100,
        netmask:
          key.kind === "address" && key.address.includes(":")
            ? "96"
            : key.kind === "fwmark" && key.family === 6
              ? "96"
              : "255.255.0.0",
      };
      await director.apply([
        addService(key, { scheduler: "lblcr", schedulerFlags: ["flag-3"], persistence, engine: "sip" }),
      ]);
      const {
        results: [result],
      } = await director.apply([{ verb: "edit-service", service: key, spec: spec(parts) }]);
      expect(result).toMatchObject({ kind: "service", record: { key, spec: spec(parts) } });
    });

    it.each(servers)("adds a real server: %s", async (_name, key, one) => {
      const { director } = subject();
      const {
        results: [, result],
      } = await director.apply([addService(key), addServer(key, one)]);
      expect(result).toMatchObject({ kind: "server", record: { spec: one, drainedWeight: null } });
      expect((await director.service(key)).servers).toEqual([result?.record]);
    });

    it.each(servers)("edits a real server to: %s", async (_name, key, one) => {
      const { director } = subject();
      const sameFamily = one.forward !== "tunnel";
      const before: ServerSpec = sameFamily
        ? { ...one, forward: "nat", weight: 5, upperThreshold: 9, lowerThreshold: 3 }
        : { ...one, tunnel: { type: "gue", port: 7, checksum: "none" }, weight: 5, upperThreshold: 9 };
      await director.apply([addService(key), addServer(key, before)]);
      const {
        results: [result],
      } = await director.apply([editServer(key, one)]);
      expect(result).toMatchObject({ kind: "server", record: { spec: one } });
    });

    it("sets a weight and nothing else", async () => {
      const { director } = subject();
      const one = server({
        forward: "tunnel",
        tunnel: { type: "gue", port: 6080, checksum: "checksum" },
        upperThreshold: 9,
        lowerThreshold: 4,
      });
      await director.apply([addService(http), addServer(http, one)]);
      const {
        results: [result],
      } = await director.apply([setWeight(http, one, 77)]);
      expect(result).toMatchObject({ kind: "server", record: { spec: { ...one, weight: 77 } } });
    });

    it("removes a server, and a service with its servers", async () => {
      const { director } = subject();
      await director.apply([...threeWebs, addService(dns)]);
      expect((await director.apply([removeServer(http, web1)])).results).toEqual([{ kind: "server", record: null }]);
      expect((await director.service(http)).servers.map(({ spec: { address } }) => address).sort()).toEqual([
        "10.0.0.2",
        "10.0.0.3",
      ]);
      expect((await director.apply([{ verb: "remove-service", service: http }])).results).toEqual([
        { kind: "service", record: null },
      ]);
      expect((await director.table()).map(({ id }) => id)).toEqual(["udp:192.0.2.10:53"]);
    });

    it("clears the table, also when it is empty", async () => {
      const { director } = subject();
      await director.clear();
      await director.apply([...threeWebs, addService(dns)]);
      await director.clear();
      expect(await director.table()).toEqual([]);
    });

    it("lists in the table what service() tells of each", async () => {
      const { director } = subject();
      await director.apply([...threeWebs, addService(mark6), addServer(mark6, server({ address: "2001:db8:1::1" }))]);
      for (const listed of await director.table()) expect(await director.service(listed.key)).toEqual(listed);
      expect(Object.keys(await settings(director)).sort()).toEqual(["fwmark6:7", "tcp:192.0.2.10:80"]);
    });

    it("takes what a form sends: numbers as text, addresses in any spelling, a prefix for a netmask", async () => {
      const { director } = subject();
      const typed = [
        { ...addService(http6), service: { ...http6, address: "2001:DB8:0:0::10", port: "80" } },
        {
          ...addServer(http6, web1),
          service: http6,
          server: { ...web1, address: " 2001:db8:1:0:0:0:0:1 ", weight: "5" },
        },
        { ...addService(http, {}), spec: spec({ persistence: { timeoutS: "90" as never, netmask: "/24" } }) },
      ];
      await director.apply(typed as never);
      expect(settingsOf(await director.service(http6))).toMatchObject({
        servers: { "tcp:[2001:db8::10]:80>[2001:db8:1::1]:80": { weight: 5 } },
      });
      expect((await director.service(http)).spec.persistence).toEqual({ timeoutS: 90, netmask: "255.255.255.0" });
    });

    it("keeps counters and connections over edits, and zeroes them when asked", { timeout: 60_000 }, async () => {
      const { director, traffic } = subject();
      await director.apply([addService(localDns, { scheduler: "rr" }), addServer(localDns, localServer), ...threeWebs]);
      await traffic(localDns);
      const before = await director.service(localDns);
      expect(BigInt(before.counters.connections)).toBeGreaterThan(0n);
      await director.apply([
        { verb: "edit-service", service: localDns, spec: spec({ scheduler: "wrr" }) },
        editServer(localDns, { ...localServer, weight: 9, upperThreshold: 1_000_000 }),
        setWeight(localDns, localServer, 10),
      ]);
      const after = await director.service(localDns);
      for (const name of ["connections", "inPackets", "inBytes"] as const) {
        expect(BigInt(after.counters[name])).toBeGreaterThanOrEqual(BigInt(before.counters[name]));
        expect(BigInt(after.servers[0]?.counters[name] ?? -1)).toBeGreaterThanOrEqual(
          BigInt(before.servers[0]?.counters[name] ?? 0),
        );
      }
      expect(after.gauges.inactive + after.gauges.active).toBeGreaterThan(0);

      await director.zero(localDns);
      const zeroed = await director.service(localDns);
      expect([zeroed.counters.connections, zeroed.servers[0]?.counters.connections]).toEqual(["0", "0"]);
      expect(zeroed.gauges.inactive + zeroed.gauges.active).toBeGreaterThan(0);
      await director.zero(null);
      expect((await director.table()).map(({ counters }) => counters.inPackets)).toEqual(["0", "0"]);
    });

    it("tells what it is", async () => {
      const status = await subject().director.status();
      expect(["kernel", "simulated"]).toContain(status.kind);
      expect(status).toMatchObject({
        host: expect.stringMatching(/./),
        kernel: expect.stringMatching(/\d/),
        version: expect.stringMatching(/^1\.\d+\.\d+$/),
      });
      expect(status.uptimeS).toBeGreaterThan(0);
      expect(status.startedAtMs).toBeGreaterThan(Date.UTC(2024, 0));
      expect(status.connectionTableSize).toBeGreaterThanOrEqual(0);
    });

    it("finishes what comes at once one after the other", async () => {
      const { director } = subject();
      await director.apply([addService(http), addServer(http, web2)]);
      const weights = Array.from({ length: 20 }, (_, index) => index + 10);
      const answers = await Promise.all(weights.map((weight) => director.apply([setWeight(http, web2, weight)])));
      expect(answers.map(({ results: [answer] }) => answer?.kind === "server" && answer.record?.spec.weight)).toEqual(
        weights,
      );
    });
  });
}
