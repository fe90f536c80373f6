import { describe, expect, it } from "vitest";
import { maxChanges } from "#domain/change";
import type { ProblemCode } from "#domain/problem";
import { addServer, addService, dns, http, http6, ipip, mark4, server, spec, web1 } from "./samples.ts";
import { type MakeSubject, refusal, useSubject } from "./subject.ts";

type Case = [why: string, change: unknown, code: ProblemCode, path: (string | number)[]];

const service = (key: object, parts: object = {}) => ({
  verb: "add-service",
  service: { ...http, ...key },
  spec: { ...spec(), ...parts },
});
const realServer = (parts: object, key: object = http) => ({
  verb: "add-server",
  service: key,
  server: { ...server(), ...parts },
});
const tunnel = (parts: object) => realServer({ forward: "tunnel", tunnel: { ...ipip, ...parts } });
const weight = (value: unknown) => ({
  verb: "set-weight",
  service: http,
  server: { address: "10.0.0.1", port: 80 },
  weight: value,
});
const masked = (netmask: unknown, key: object = {}) => service(key, { persistence: { timeoutS: 60, netmask } });

/** What the kernel lets through or does not word, so that the director must not. */
const cases: Case[] = [
  ["a protocol that IPVS cannot balance", service({ protocol: "ip-50" }), "PROTOCOL_UNKNOWN", ["service", "protocol"]],
  ["a protocol that is none", service({ protocol: "icmp" }), "WRONG_SHAPE", ["service", "protocol"]],
  ["a multicast address", service({ address: "224.0.0.1" }), "VIP_MULTICAST", ["service", "address"]],
  ["a multicast address of IPv6", service({ address: "ff02::1" }), "VIP_MULTICAST", ["service", "address"]],
  ["the broadcast address", service({ address: "255.255.255.255" }), "VIP_BROADCAST", ["service", "address"]],
  ["no address of IPv4", service({ address: "0.0.0.0" }), "VIP_UNSPECIFIED", ["service", "address"]],
  ["no address of IPv6", service({ address: "::" }), "VIP_UNSPECIFIED", ["service", "address"]],
  ["an address in short", service({ address: "10.9" }), "ADDRESS_INVALID", ["service", "address"]],
  ["an address with a zone", service({ address: "fe80::1%eth0" }), "ADDRESS_INVALID", ["service", "address"]],
  ["a name", service({ address: "www.example.org" }), "ADDRESS_INVALID", ["service", "address"]],
  ["a port beyond 16 bits", service({ port: 65_536 }), "OUT_OF_RANGE", ["service", "port"]],
  ["mark 0", { ...service({}), service: { ...mark4, mark: 0 } }, "OUT_OF_RANGE", ["service", "mark"]],
  [
    "a mark beyond 32 bits",
    { ...service({}), service: { ...mark4, mark: 4_294_967_296 } },
    "OUT_OF_RANGE",
    ["service", "mark"],
  ],
  [
    "a scheduler that is not on the list",
    service({}, { scheduler: "best" }),
    "SCHEDULER_UNKNOWN",
    ["spec", "scheduler"],
  ],
  [
    "a scheduler with a path in its name",
    service({}, { scheduler: "../rr" }),
    "SCHEDULER_UNKNOWN",
    ["spec", "scheduler"],
  ],
  ["no scheduler given", service({}, { scheduler: "" }), "REQUIRED", ["spec", "scheduler"]],
  ["an engine that is not on the list", service({}, { engine: "sipp" }), "ENGINE_UNKNOWN", ["spec", "engine"]],
  [
    "a flag that is none",
    service({}, { schedulerFlags: ["flag-4"] }),
    "SCHEDULER_FLAG_UNKNOWN",
    ["spec", "schedulerFlags"],
  ],
  [
    "the third flag with sh",
    service({}, { scheduler: "sh", schedulerFlags: ["flag-3"] }),
    "SCHEDULER_FLAG_UNKNOWN",
    ["spec", "schedulerFlags"],
  ],
  [
    "the third flag with mh",
    service({}, { scheduler: "mh", schedulerFlags: ["flag-3"] }),
    "SCHEDULER_FLAG_UNKNOWN",
    ["spec", "schedulerFlags"],
  ],
  ["port 0 without persistence", service({ port: 0 }), "PORT_ZERO_NEEDS_PERSISTENCE", ["service", "port"]],
  ["one-packet scheduling of TCP", service({}, { onePacket: true }), "ONE_PACKET_NEEDS_UDP", ["spec", "onePacket"]],
  [
    "one-packet scheduling of SCTP",
    service({ protocol: "sctp" }, { onePacket: true }),
    "ONE_PACKET_NEEDS_UDP",
    ["spec", "onePacket"],
  ],
  [
    "persistence of 0 seconds",
    service({}, { persistence: { timeoutS: 0, netmask: "" } }),
    "OUT_OF_RANGE",
    ["spec", "persistence", "timeoutS"],
  ],
  [
    "persistence beyond 31 days",
    service({}, { persistence: { timeoutS: 2_678_401, netmask: "" } }),
    "OUT_OF_RANGE",
    ["spec", "persistence", "timeoutS"],
  ],
  ["a netmask that is none", masked("255.255.256.0"), "NETMASK_INVALID", ["spec", "persistence", "netmask"]],
  ["a prefix beyond 32", masked("33"), "NETMASK_INVALID", ["spec", "persistence", "netmask"]],
  ["an IPv6 prefix of 0", masked("0", http6), "PREFIX_INVALID", ["spec", "persistence", "netmask"]],
  ["an IPv6 prefix beyond 128", masked("129", http6), "PREFIX_INVALID", ["spec", "persistence", "netmask"]],
  ["a dotted mask for IPv6", masked("255.255.255.0", http6), "PREFIX_INVALID", ["spec", "persistence", "netmask"]],
  ["a negative weight", weight(-1), "OUT_OF_RANGE", ["weight"]],
  ["a weight beyond 31 bits", weight(2_147_483_648), "OUT_OF_RANGE", ["weight"]],
  ["an emptied weight", weight(""), "REQUIRED", ["weight"]],
  ["a broken weight", weight("1.5"), "NOT_A_WHOLE_NUMBER", ["weight"]],
  ["a negative weight of a new server", realServer({ weight: -1 }), "OUT_OF_RANGE", ["server", "weight"]],
  ["a server's multicast address", realServer({ address: "224.0.0.9" }), "SERVER_NOT_UNICAST", ["server", "address"]],
  [
    "a server's broadcast address",
    realServer({ address: "255.255.255.255" }),
    "SERVER_NOT_UNICAST",
    ["server", "address"],
  ],
  ["a server at 0.0.0.0", realServer({ address: "0.0.0.0" }), "SERVER_NOT_UNICAST", ["server", "address"]],
  [
    "a server's link-local address",
    realServer({ address: "fe80::1" }, http6),
    "SERVER_NOT_UNICAST",
    ["server", "address"],
  ],
  ...["local", "bypass", "forward-6", "mask"].map(
    (forward): Case => [
      `the forwarding method ${forward}, which is only ever found`,
      realServer({ forward }),
      "FORWARD_UNKNOWN",
      ["server", "forward"],
    ],
  ),
  [
    "direct routing to another port",
    realServer({ forward: "direct", port: 81 }),
    "PORT_MUST_MATCH",
    ["server", "port"],
  ],
  [
    "tunnelling to another port",
    { ...tunnel({}), server: server({ forward: "tunnel", tunnel: ipip, port: 81 }) },
    "PORT_MUST_MATCH",
    ["server", "port"],
  ],
  [
    "the other family by NAT",
    realServer({ address: "2001:db8::1" }),
    "FAMILY_MIX_NEEDS_TUNNELING",
    ["server", "address"],
  ],
  [
    "the other family by direct routing",
    realServer({ forward: "direct" }, http6),
    "FAMILY_MIX_NEEDS_TUNNELING",
    ["server", "address"],
  ],
  ["tunnelling without a tunnel", realServer({ forward: "tunnel" }), "TUNNEL_REQUIRED", ["server", "tunnel"]],
  ["a tunnel without tunnelling", realServer({ tunnel: ipip }), "TUNNEL_NEEDS_TUNNELING", ["server", "tunnel"]],
  ["a tunnel of an unknown type", tunnel({ type: "type-9" }), "TUNNEL_TYPE_UNKNOWN", ["server", "tunnel", "type"]],
  ["GUE without a port", tunnel({ type: "gue" }), "TUNNEL_PORT_REQUIRED", ["server", "tunnel", "port"]],
  ["IPIP with a port", tunnel({ port: 6080 }), "TUNNEL_PORT_NOT_USED", ["server", "tunnel", "port"]],
  ["GRE with a port", tunnel({ type: "gre", port: 6080 }), "TUNNEL_PORT_NOT_USED", ["server", "tunnel", "port"]],
  [
    "IPIP with a checksum",
    tunnel({ checksum: "checksum" }),
    "TUNNEL_CHECKSUM_NOT_POSSIBLE",
    ["server", "tunnel", "checksum"],
  ],
  [
    "GRE with a remote checksum",
    tunnel({ type: "gre", checksum: "remote-checksum" }),
    "TUNNEL_CHECKSUM_NOT_POSSIBLE",
    ["server", "tunnel", "checksum"],
  ],
  [
    "both checksums, as raw flags",
    tunnel({ type: "gue", port: 1, checksum: "flags-3" }),
    "TUNNEL_CHECKSUM_NOT_POSSIBLE",
    ["server", "tunnel", "checksum"],
  ],
  [
    "a lower threshold above the upper one",
    realServer({ upperThreshold: 5, lowerThreshold: 6 }),
    "THRESHOLDS_CROSSED",
    ["server", "lowerThreshold"],
  ],
  ["a lower threshold alone", realServer({ lowerThreshold: 5 }), "THRESHOLDS_CROSSED", ["server", "lowerThreshold"]],
  [
    "a threshold beyond 31 bits",
    realServer({ upperThreshold: 2_147_483_648 }),
    "OUT_OF_RANGE",
    ["server", "upperThreshold"],
  ],
  ["text where yes or no belongs", service({}, { onePacket: "yes" }), "WRONG_SHAPE", ["spec", "onePacket"]],
  ["a setting left out", service({}, { onePacket: undefined }), "REQUIRED", ["spec", "onePacket"]],
  ["a verb that is none", { verb: "explode" }, "WRONG_SHAPE", ["verb"]],
  ["nothing at all", null, "WRONG_SHAPE", []],
];

export function validationContract(make: MakeSubject): void {
  describe("what the kernel would let through", () => {
    const subject = useSubject(make);

    it.each(cases)("refuses %s, where it is", async (_why, change, code, path) => {
      const { director } = subject();
      await director.apply([addService(http), addService(http6), addServer(http, web1)]);
      const shape = await refusal(director.apply([addService(dns), change] as never));
      expect(shape.code).toBe("INVALID");
      expect(shape.problems).toContainEqual({ code, params: expect.anything(), path: [1, ...path] });
      expect((await director.table()).map(({ id }) => id).sort()).toEqual([
        "tcp:192.0.2.10:80",
        "tcp:[2001:db8::10]:80",
      ]);
    });

    it.each(
      cases.filter(([, change]) =>
        ["add-service", "add-server"].includes((change as { verb?: string } | null)?.verb ?? ""),
      ),
    )("refuses %s in an edit too", async (_why, change, code, path) => {
      const { director } = subject();
      const { verb } = change as { verb: string };
      const edit = { ...(change as object), verb: verb.replace("add", "edit") };
      const shape = await refusal(director.apply([edit] as never));
      expect(shape.problems).toContainEqual({ code, params: expect.anything(), path: [0, ...path] });
    });

    it("refuses a batch that is too long, with its length and the limit", async () => {
      const { director } = subject();
      const shape = await refusal(director.apply(new Array(maxChanges + 1).fill(null) as never));
      const params = { count: maxChanges + 1, max: maxChanges };
      expect(shape).toMatchObject({ code: "INVALID", problems: [{ code: "TOO_MANY", params, path: [] }] });
    });

    it("tells everything that is wrong in a batch, not only the first", async () => {
      const { director } = subject();
      const shape = await refusal(
        director.apply([service({}, { scheduler: "best", engine: "x" }), addService(http), weight("")] as never),
      );
      expect(shape.problems?.map(({ code, path }) => [code, ...path])).toEqual([
        ["SCHEDULER_UNKNOWN", 0, "spec", "scheduler"],
        ["ENGINE_UNKNOWN", 0, "spec", "engine"],
        ["REQUIRED", 2, "weight"],
      ]);
    });

    it("refuses a batch of nothing", async () => {
      expect(await refusal(subject().director.apply([]))).toMatchObject({ code: "INVALID" });
    });

    it("refuses to look for what cannot be named", async () => {
      expect(await refusal(subject().director.service({ ...http, address: "10.9" }))).toMatchObject({
        code: "INVALID",
        problems: [{ code: "ADDRESS_INVALID", path: ["address"] }],
      });
      expect(await refusal(subject().director.zero({ ...mark4, mark: 0 } as never))).toMatchObject({ code: "INVALID" });
    });
  });
}
