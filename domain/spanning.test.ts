import { describe, expect, it } from "vitest";
import { changeSchema } from "./change.ts";
import { problemsOf } from "./problem.ts";

type Parts = Record<string, unknown>;
type Wrong = [path: string, value: unknown, code: string];

const service: Parts = { kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 };
const spec: Parts = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const server: Parts = { port: 80, forward: "nat", weight: 1, upperThreshold: 0, lowerThreshold: 0, tunnel: null };
const tunnel: Parts = { type: "ipip", port: 0, checksum: "none" };
const persistence: Parts = { timeoutS: 360, netmask: "255.255.255.0" };
const addService = { verb: "add-service", service, spec };
const addServer = { verb: "add-server", service, server: { ...server, address: "10.0.0.1" } };

/** A copy of `change` with these values at their paths. */
function withParts(change: Parts, parts: readonly (readonly [path: string, value: unknown])[]): Parts {
  const copy = structuredClone(change);
  for (const [path, value] of parts) {
    const names = path.split(".");
    const last = names.pop() ?? "";
    const holder = names.reduce((at, name) => at[name] as Parts, copy);
    holder[last] = value;
  }
  return copy;
}

function problems(change: Parts): string[] {
  const parsed = changeSchema.safeParse(change);
  return parsed.success ? [] : problemsOf(parsed.error).map(({ code, path }) => `${code} ${path.join(".")}`);
}

/** What breaks a rule between fields, the problem, and the fields it lies between. */
const between: [name: string, change: Parts, problem: string, fields: string[]][] = [
  [
    "port 0",
    withParts(addService, [["service.port", 0]]),
    "PORT_ZERO_NEEDS_PERSISTENCE service.port",
    ["service.port"],
  ],
  [
    "a group as VIP",
    withParts(addService, [["service.address", "224.0.0.1"]]),
    "VIP_MULTICAST service.address",
    ["service.address"],
  ],
  [
    "one packet",
    withParts(addService, [["spec.onePacket", true]]),
    "ONE_PACKET_NEEDS_UDP spec.onePacket",
    ["spec.onePacket"],
  ],
  [
    "a netmask",
    withParts(addService, [["spec.persistence", { ...persistence, netmask: "64" }]]),
    "NETMASK_INVALID spec.persistence.netmask",
    ["spec.persistence.netmask", "service.address"],
  ],
  [
    "a flag of another scheduler",
    withParts(addService, [
      ["spec.scheduler", "sh"],
      ["spec.schedulerFlags", ["flag-3"]],
    ]),
    "SCHEDULER_FLAG_UNKNOWN spec.schedulerFlags",
    ["spec.scheduler"],
  ],
  [
    "thresholds",
    withParts(addServer, [["server.lowerThreshold", 5]]),
    "THRESHOLDS_CROSSED server.lowerThreshold",
    ["server.upperThreshold", "server.lowerThreshold"],
  ],
  [
    "another port",
    withParts(addServer, [
      ["server.forward", "direct"],
      ["server.port", 8080],
    ]),
    "PORT_MUST_MATCH server.port",
    ["server.port", "server.forward", "service.port"],
  ],
  [
    "another family",
    withParts(addServer, [["server.address", "2001:db8::1"]]),
    "FAMILY_MIX_NEEDS_TUNNELING server.address",
    ["server.address", "server.forward", "service.address"],
  ],
  [
    "a group as server",
    withParts(addServer, [["server.address", "224.0.0.1"]]),
    "SERVER_NOT_UNICAST server.address",
    ["server.address"],
  ],
  [
    "no tunnel",
    withParts(addServer, [["server.forward", "tunnel"]]),
    "TUNNEL_REQUIRED server.tunnel",
    ["server.forward"],
  ],
  [
    "a checksum of another tunnel",
    withParts(addServer, [
      ["server.forward", "tunnel"],
      ["server.tunnel", { ...tunnel, checksum: "remote-checksum" }],
    ]),
    "TUNNEL_CHECKSUM_NOT_POSSIBLE server.tunnel.checksum",
    [],
  ],
];

const ofServices: Wrong[] = [
  ["service.address", "", "REQUIRED"],
  ["service.port", "", "REQUIRED"],
  ["spec.scheduler", "best", "SCHEDULER_UNKNOWN"],
  ["spec.engine", "rtsp", "ENGINE_UNKNOWN"],
  ["spec.onePacket", "yes", "WRONG_SHAPE"],
];
const ofServers: Wrong[] = [
  ["service.address", "10.9", "ADDRESS_INVALID"],
  ["service.port", "70000", "OUT_OF_RANGE"],
  ["server.address", "", "REQUIRED"],
  ["server.port", "", "REQUIRED"],
  ["server.forward", "local", "FORWARD_UNKNOWN"],
  ["server.weight", "", "REQUIRED"],
  ["server.upperThreshold", "five", "NOT_A_WHOLE_NUMBER"],
];

const pairs = between.flatMap(([name, change, problem, fields]) =>
  ("spec" in change ? ofServices : ofServers).map(
    ([path, value, code]) =>
      [
        name,
        path,
        { change: withParts(change, [[path, value]]), problem, own: `${code} ${path}`, looksAt: fields.includes(path) },
      ] as const,
  ),
);

describe("a problem between fields", () => {
  it.each(between)("is told alone: %s", (_name, change, problem) => {
    expect(problems(change)).toEqual([problem]);
  });

  it.each(pairs.filter(([, , { looksAt }]) => !looksAt))(
    "is told (%s) together with a wrong %s",
    (_name, _path, { change, problem, own }) => {
      expect(problems(change).sort()).toEqual([own, problem].sort());
    },
  );

  it.each(pairs.filter(([, , { looksAt }]) => looksAt))(
    "is not guessed at (%s) from a wrong %s",
    (_name, _path, { change, own }) => {
      expect(problems(change)).toEqual([own]);
    },
  );

  it.each([
    ["service", null],
    ["service", []],
    ["service.kind", "name"],
    ["spec", "none"],
    ["spec.persistence", 7],
    ["spec.persistence", { timeoutS: "", netmask: 5 }],
    ["spec.schedulerFlags", "flag-3"],
  ])("is not looked for in a service of another shape: %s is %j", (path, value) => {
    expect(problems(withParts(withParts(addService, [["service.port", 0]]), [[path, value]])).length).toBeGreaterThan(
      0,
    );
  });
});

it("two numbers of one tunnel are told together, and its type alone", () => {
  const tunneled = (parts: Parts) =>
    problems(
      withParts(addServer, [
        ["server.forward", "tunnel"],
        ["server.tunnel", { ...tunnel, ...parts }],
      ]),
    );
  expect(tunneled({ type: "gre", port: "", checksum: "remote-checksum" }).sort()).toEqual([
    "REQUIRED server.tunnel.port",
    "TUNNEL_CHECKSUM_NOT_POSSIBLE server.tunnel.checksum",
  ]);
  expect(tunneled({ type: "type-9", checksum: "none" })).toEqual(["TUNNEL_TYPE_UNKNOWN server.tunnel.type"]);
});
