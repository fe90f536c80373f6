import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { problemsOf } from "#domain/problem";
import { forwards, type ServerDefinition, serverDefinitionSchema } from "#domain/real-server";
import { formatChange } from "#domain/rules/format";
import {
  defaultPersistenceS,
  type ServiceDefinition,
  type ServiceKey,
  schedulers,
  serviceDefinitionSchema,
} from "#domain/service";
import { placeProblems } from "./field-problems.ts";
import { newServerValues, serverCommand, serverFieldAt, serverInput, valuesOfServer } from "./server-values.ts";
import { newServiceValues, serviceCommand, serviceFieldAt, serviceInput, valuesOfService } from "./service-values.ts";

const ipv4 = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.integer({ min: 1, max: 254 }))
  .map((parts) => parts.join("."));
const ipv6 = fc.integer({ min: 1, max: 0xffff }).map((word) => `2001:db8::${word.toString(16)}`);
const port = fc.integer({ min: 1, max: 65_535 });

const addressKey: fc.Arbitrary<ServiceKey> = fc.record({
  kind: fc.constant("address" as const),
  protocol: fc.constantFrom("tcp", "udp", "sctp"),
  address: fc.oneof(ipv4, ipv6),
  port,
});
const markKey: fc.Arbitrary<ServiceKey> = fc.record({
  kind: fc.constant("fwmark" as const),
  family: fc.constantFrom(4 as const, 6 as const),
  mark: fc.integer({ min: 1, max: 4_294_967_295 }),
});
const anyKey = fc.oneof(addressKey, markKey);

const anyService = fc
  .record({
    service: anyKey,
    spec: fc.record({
      scheduler: fc.constantFrom(...schedulers),
      schedulerFlags: fc.subarray(["flag-1", "flag-2"] as const).map((flags) => [...flags]),
      persistence: fc.option(
        fc.record({ timeoutS: fc.integer({ min: 1, max: 2_678_400 }), prefix: fc.integer({ min: 1, max: 32 }) }),
      ),
      onePacket: fc.boolean(),
      engine: fc.constantFrom("sip", null),
    }),
  })
  .map(
    ({ service, spec }): ServiceDefinition =>
      serviceDefinitionSchema.parse({
        service,
        spec: {
          ...spec,
          onePacket: spec.onePacket && (service.kind === "fwmark" || service.protocol === "udp"),
          persistence: spec.persistence
            ? { timeoutS: spec.persistence.timeoutS, netmask: String(spec.persistence.prefix) }
            : null,
        },
      }),
  );

const tunnels = fc.oneof(
  fc.constant({ type: "ipip", port: 0, checksum: "none" }),
  fc.record({ type: fc.constant("gre"), port: fc.constant(0), checksum: fc.constantFrom("none", "checksum") }),
  fc.record({ type: fc.constant("gue"), port, checksum: fc.constantFrom("none", "checksum", "remote-checksum") }),
);

const anyServer = fc
  .record({
    service: anyKey,
    address4: ipv4,
    address6: ipv6,
    otherFamily: fc.boolean(),
    port,
    forward: fc.constantFrom(...forwards),
    weight: fc.nat(2_147_483_647),
    thresholds: fc.tuple(fc.nat(2_147_483_647), fc.nat(2_147_483_647)),
    tunnel: tunnels,
  })
  .map(({ service, forward, thresholds, ...parts }): ServerDefinition => {
    const isSix = service.kind === "fwmark" ? service.family === 6 : service.address.includes(":");
    return serverDefinitionSchema.parse({
      service,
      server: {
        address: isSix !== (parts.otherFamily && forward === "tunnel") ? parts.address6 : parts.address4,
        port: forward === "nat" || service.kind === "fwmark" ? parts.port : service.port,
        forward,
        weight: parts.weight,
        upperThreshold: Math.max(...thresholds),
        lowerThreshold: Math.min(...thresholds),
        tunnel: forward === "tunnel" ? parts.tunnel : null,
      },
    });
  });

describe("the fields of a virtual service", () => {
  it("give back every record that they were filled from, and the command that makes it", () => {
    fc.assert(
      fc.property(anyService, (definition) => {
        const values = valuesOfService({ key: definition.service, spec: definition.spec });
        expect(serviceDefinitionSchema.parse(serviceInput(values))).toEqual(definition);
        expect(serviceCommand("add-service", values)).toBe(formatChange({ verb: "add-service", ...definition }));
        expect(serviceCommand("edit-service", values)).toBe(formatChange({ verb: "edit-service", ...definition }));
      }),
      { numRuns: 500 },
    );
  });

  it("start from what ipvsadm takes when nothing is said", () => {
    const values = { ...newServiceValues(), address: "192.0.2.10", port: "80" };
    expect(serviceCommand("add-service", values)).toBe("ipvsadm -A -t 192.0.2.10:80 -s wlc");
    expect(serviceCommand("add-service", { ...values, persistent: true })).toBe(
      `ipvsadm -A -t 192.0.2.10:80 -s wlc -p ${defaultPersistenceS}`,
    );
  });

  it("show a command in the making", () => {
    const empty = newServiceValues();
    expect(serviceCommand("add-service", empty)).toBe("ipvsadm -A -t …:… -s wlc");
    expect(serviceCommand("add-service", { ...empty, address: "2001:db8::1", persistent: true, timeoutS: "" })).toBe(
      "ipvsadm -A -t [2001:db8::1]:… -s wlc -p …",
    );
    expect(serviceCommand("add-service", { ...empty, kind: "fwmark", family: "6" })).toBe("ipvsadm -A -f … -6 -s wlc");
  });

  it.each([
    [{ address: "", port: "80" }, "address", "REQUIRED"],
    [{ address: "224.0.0.1", port: "80" }, "address", "VIP_MULTICAST"],
    [{ address: "192.0.2.1", port: "" }, "port", "REQUIRED"],
    [{ address: "192.0.2.1", port: "70000" }, "port", "OUT_OF_RANGE"],
    [{ address: "192.0.2.1", port: "0" }, "port", "PORT_ZERO_NEEDS_PERSISTENCE"],
    [{ kind: "fwmark", mark: "" }, "mark", "REQUIRED"],
    [{ kind: "ip-50", address: "192.0.2.1", port: "80" }, "kind", "PROTOCOL_UNKNOWN"],
    [{ address: "192.0.2.1", port: "80", scheduler: "none-such" }, "scheduler", "SCHEDULER_UNKNOWN"],
    [{ address: "192.0.2.1", port: "80", persistent: true, timeoutS: "" }, "timeoutS", "REQUIRED"],
    [{ address: "192.0.2.1", port: "80", persistent: true, netmask: "64" }, "netmask", "NETMASK_INVALID"],
    [{ address: "192.0.2.1", port: "80", onePacket: true }, "onePacket", "ONE_PACKET_NEEDS_UDP"],
    [{ address: "192.0.2.1", port: "80", engine: "rtsp" }, "engine", "ENGINE_UNKNOWN"],
  ])("show what is wrong with %o at %s", (typed, field, code) => {
    const parsed = serviceDefinitionSchema.safeParse(serviceInput({ ...newServiceValues(), ...typed }));
    expect(parsed.success).toBe(false);
    const placed = placeProblems(problemsOf(parsed.error as NonNullable<typeof parsed.error>), serviceFieldAt);
    expect([...placed.fields].map(([at, problem]) => [at, problem.code])).toContainEqual([field, code]);
    expect(placed.elsewhere).toEqual([]);
  });
});

describe("the fields of a real server", () => {
  const service: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };

  it("give back every record that they were filled from, and the command that makes it", () => {
    fc.assert(
      fc.property(anyServer, (definition) => {
        const values = valuesOfServer(definition.server);
        expect(serverDefinitionSchema.parse(serverInput(definition.service, values))).toEqual(definition);
        expect(serverCommand("edit-server", definition.service, values)).toBe(
          formatChange({ verb: "edit-server", ...definition }),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("take the port of the service and the forwarding method of the servers that are there", () => {
    expect(newServerValues(service)).toMatchObject({ port: "80", forward: "nat", weight: "1" });
    expect(newServerValues(service, [{ forward: "direct" }])).toMatchObject({ forward: "direct" });
    expect(newServerValues(service, [{ forward: "forward-6" }])).toMatchObject({ forward: "nat" });
    expect(newServerValues({ kind: "fwmark", family: 4, mark: 7 })).toMatchObject({ port: "0" });
  });

  it("take full NAT from the servers that are there only where the kernel has it", () => {
    expect(newServerValues(service, [{ forward: "fullnat" }], true)).toMatchObject({ forward: "fullnat" });
    expect(newServerValues(service, [{ forward: "fullnat" }])).toMatchObject({ forward: "nat" });
    expect(newServerValues(service, [{ forward: "bypass" }], true)).toMatchObject({ forward: "nat" });
  });

  it("show ipvsctl's command for full NAT, which ipvsadm has no word for, and none for a mark", () => {
    const fullnat = { ...newServerValues(service), forward: "fullnat" };
    expect(serverCommand("add-server", service, { ...fullnat, address: "10.0.0.1", port: "8080" })).toBe(
      "ipvsctl server add --vip 192.0.2.10 --vport 80 --protocol TCP --rip 10.0.0.1 --rport 8080 --forward fnat --weight 1",
    );
    expect(serverCommand("edit-server", service, fullnat)).toContain("server update --vip 192.0.2.10");
    expect(serverCommand("edit-server", service, fullnat)).toContain("--rip … --rport 80");
    expect(serverCommand("add-server", { kind: "fwmark", family: 4, mark: 7 }, fullnat)).toBeNull();
  });

  it("show a command in the making", () => {
    expect(serverCommand("add-server", service, newServerValues(service))).toBe(
      "ipvsadm -a -t 192.0.2.10:80 -r …:80 -m -w 1",
    );
    expect(serverCommand("add-server", service, { ...newServerValues(service), weight: "" })).toContain("-w …");
  });

  const valid = { ...newServerValues(service), address: "10.0.0.1" };
  it.each([
    [{ address: "host.example" }, "address", "ADDRESS_INVALID"],
    [{ address: "2001:db8::1" }, "address", "FAMILY_MIX_NEEDS_TUNNELING"],
    [{ weight: "" }, "weight", "REQUIRED"],
    [{ weight: "1.5" }, "weight", "NOT_A_WHOLE_NUMBER"],
    [{ forward: "direct", port: "81" }, "port", "PORT_MUST_MATCH"],
    [{ forward: "forward-6" }, "forward", "FORWARD_UNKNOWN"],
    [{ forward: "bypass" }, "forward", "FORWARD_UNKNOWN"],
    [{ forward: "local" }, "forward", "FORWARD_UNKNOWN"],
    [{ forward: "mask" }, "forward", "FORWARD_UNKNOWN"],
    [{ upperThreshold: "" }, "upperThreshold", "REQUIRED"],
    [{ upperThreshold: "5", lowerThreshold: "6" }, "lowerThreshold", "THRESHOLDS_CROSSED"],
    [{ forward: "tunnel", tunnelType: "type-9" }, "tunnelType", "TUNNEL_TYPE_UNKNOWN"],
    [{ forward: "tunnel", tunnelType: "gue" }, "tunnelPort", "REQUIRED"],
    [{ forward: "tunnel", tunnelType: "gue", tunnelPort: "0" }, "tunnelPort", "TUNNEL_PORT_REQUIRED"],
    [
      { forward: "tunnel", tunnelType: "gre", tunnelChecksum: "remote-checksum" },
      "tunnelChecksum",
      "TUNNEL_CHECKSUM_NOT_POSSIBLE",
    ],
  ])("show what is wrong with %o at %s", (typed, field, code) => {
    const parsed = serverDefinitionSchema.safeParse(serverInput(service, { ...valid, ...typed }));
    expect(parsed.success).toBe(false);
    const placed = placeProblems(problemsOf(parsed.error as NonNullable<typeof parsed.error>), serverFieldAt);
    expect([...placed.fields].map(([at, problem]) => [at, problem.code])).toEqual([[field, code]]);
    expect(placed.elsewhere).toEqual([]);
  });

  it("show a director's problem at its field wherever the change stood in the batch", () => {
    const problem = { code: "REQUIRED" as const, params: {} };
    const placed = placeProblems(
      [
        { ...problem, path: ["changes", 0, "server", "weight"] },
        { ...problem, path: [3, "server", "tunnel", "port"] },
        { ...problem, path: [0, "expected"] },
      ],
      serverFieldAt,
    );
    expect([...placed.fields.keys()]).toEqual(["weight", "tunnelPort"]);
    expect(placed.elsewhere.map(({ path }) => path)).toEqual([[0, "expected"]]);
  });
});
