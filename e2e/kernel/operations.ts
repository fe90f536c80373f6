import fc from "fast-check";
import type { Command } from "#domain/batch/command";
import { type ObservedServerSpec, observedForwards, type ServerKey } from "#domain/real-server";
import { type ObservedServiceSpec, type ServiceKey, schedulerFlags, serviceFamily } from "#domain/service";
import type { SyncDaemonSpec, SyncRole } from "#domain/sync-daemon";
import type { Timeouts } from "#domain/timeouts";

/**
 * Random operations on an IPVS table, good and bad, as a kernel meets them. Keys come from small pools, so that operations meet what others
 * left behind; everything else ranges over what the kernel's fields can hold.
 */
export type Operation =
  | { kind: "write"; commands: Command[] }
  | { kind: "service"; service: ServiceKey }
  | { kind: "set-timeouts"; timeouts: Timeouts }
  | { kind: "start-daemon"; daemon: SyncDaemonSpec }
  | { kind: "stop-daemon"; role: SyncRole };

const UINT_MAX = 4_294_967_295;
const INT_MAX = 2_147_483_647;

const address = (protocol: string, text: string, port: number): ServiceKey => ({
  kind: "address",
  protocol,
  address: text,
  port,
});
const mark = (family: 4 | 6, value: number): ServiceKey => ({ kind: "fwmark", family, mark: value });

export const usualServices: ServiceKey[] = [
  address("tcp", "192.0.2.1", 80),
  address("udp", "192.0.2.1", 80),
  address("sctp", "192.0.2.1", 80),
  address("tcp", "192.0.2.1", 0),
  address("tcp", "2001:db8::1", 80),
  address("udp", "2001:db8::1", 53),
  mark(4, 1),
  mark(6, 1),
];
/** The kernel takes any protocol and any address, so these are services like others. */
const strangeServices: ServiceKey[] = [
  address("tcp", "192.0.2.2", 65_535),
  address("udp", "192.0.2.2", 0),
  address("ip-0", "192.0.2.1", 80),
  address("ip-50", "192.0.2.1", 80),
  address("ip-65535", "2001:db8::1", 80),
  address("ip-6", "192.0.2.1", 80),
  address("tcp", "0.0.0.0", 0),
  address("tcp", "224.0.0.1", 80),
  address("tcp", "255.255.255.255", 80),
  address("tcp", "::", 0),
  address("tcp", "ff02::1", 80),
  address("tcp", "::ffff:192.0.2.1", 80),
  mark(4, UINT_MAX),
  mark(6, 2_147_483_648),
  mark(4, 0),
];

export const serviceKey = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...usualServices) },
  { weight: 1, arbitrary: fc.constantFrom(...strangeServices) },
);

const usualServerAddresses = {
  4: ["10.0.0.1", "10.77.0.9", "127.0.0.1"],
  6: ["2001:db8::a", "::1"],
};
const strangeServerAddresses = [
  "0.0.0.0",
  "0.0.0.1",
  "10.77.0.0",
  "10.77.0.1",
  "10.77.0.255",
  "127.0.0.0",
  "127.1.2.3",
  "127.255.255.255",
  "224.0.0.1",
  "239.255.255.255",
  "240.0.0.1",
  "255.255.255.255",
  "::",
  "::2",
  "::10.0.0.1",
  "::ffff:10.0.0.1",
  "64:ff9b::1",
  "fe00::1",
  "fe80::1",
  "febf::1",
  "fec0::1",
  "ff02::1",
  "ff0e::1",
];

const serverAddress = (service: ServiceKey) =>
  fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom(...usualServerAddresses[serviceFamily(service)]) },
    { weight: 3, arbitrary: fc.constantFrom(...usualServerAddresses[serviceFamily(service) === 4 ? 6 : 4]) },
    { weight: 3, arbitrary: fc.constantFrom(...strangeServerAddresses) },
  );
const serverPort = fc.oneof(
  { weight: 15, arbitrary: fc.constantFrom(80, 80, 8080) },
  { weight: 1, arbitrary: fc.constantFrom(0, 65_535) },
);

const serverKey = (service: ServiceKey): fc.Arbitrary<ServerKey> =>
  fc.record({ address: serverAddress(service), port: serverPort });

const edge = (usual: fc.Arbitrary<number>, ...edges: number[]) =>
  fc.oneof({ weight: 6, arbitrary: usual }, { weight: 2, arbitrary: fc.constantFrom(...edges) });

const tunnel = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      { type: "ipip", port: 0, checksum: "none" },
      { type: "gue", port: 6080, checksum: "remote-checksum" },
      { type: "gre", port: 0, checksum: "checksum" },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom("ipip", "gue", "gre", "type-9", "type-255"),
      port: fc.constantFrom(0, 6080, 65_535),
      checksum: fc.constantFrom("none", "checksum", "remote-checksum", "flags-3", "flags-65535"),
    }),
  },
);

/** Above INT_MAX newer kernels refuse an upper threshold and 6.1 does not: left out, it is another rule for each. */
const threshold = edge(fc.nat(100), 0, 0, INT_MAX);

function serverSpec(service: ServiceKey): fc.Arbitrary<ObservedServerSpec> {
  return fc
    .record({
      key: serverKey(service),
      forward: fc.oneof(
        { weight: 10, arbitrary: fc.constantFrom("nat", "direct", "tunnel", "tunnel") },
        { weight: 1, arbitrary: fc.constantFrom(...observedForwards) },
      ),
      weight: edge(fc.nat(100), 0, 0, 65_535, 65_536, INT_MAX, -1, -INT_MAX - 1),
      thresholds: fc.oneof(
        { weight: 3, arbitrary: fc.constant([0, 0]) },
        { weight: 3, arbitrary: fc.tuple(threshold, threshold).map((pair) => pair.toSorted((a, b) => b - a)) },
        { weight: 1, arbitrary: fc.tuple(threshold, threshold) },
      ),
      tunnel,
      strayTunnel: fc.boolean(),
    })
    .map(({ key, forward, weight, thresholds: [upper = 0, lower = 0], tunnel, strayTunnel }) => ({
      ...key,
      forward: forward as ObservedServerSpec["forward"],
      weight,
      upperThreshold: upper,
      lowerThreshold: lower,
      tunnel: forward === "tunnel" || strayTunnel ? tunnel : null,
    }));
}

const knownSchedulers = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "none"];

function serviceSpec(service: ServiceKey): fc.Arbitrary<ObservedServiceSpec> {
  const netmasks =
    serviceFamily(service) === 4
      ? fc.constantFrom("255.255.255.255", "255.255.255.0", "0.0.0.0", "255.0.255.0", "0.0.0.1")
      : edge(fc.integer({ min: 1, max: 128 }), 0, 1, 128, 129, UINT_MAX).map(String);
  return fc.record({
    scheduler: fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom(...knownSchedulers) },
      { weight: 1, arbitrary: fc.constantFrom("nope", "", "fifteen-letters", "WLC", "twos") },
    ),
    schedulerFlags: fc.subarray([...schedulerFlags]),
    persistence: fc.option(
      fc.record({
        timeoutS: edge(fc.integer({ min: 1, max: 2_678_400 }), 0, 1, 42_949_672, 42_949_673, INT_MAX, UINT_MAX),
        netmask: netmasks,
      }),
      { nil: null },
    ),
    onePacket: fc.boolean(),
    engine: fc.oneof(
      { weight: 40, arbitrary: fc.constantFrom(null, null, "sip") },
      { weight: 1, arbitrary: fc.constantFrom("nope", "SIP") },
    ),
  });
}

type CommandName = Command["command"];

const commandName = fc.oneof(
  ...(
    [
      [8, "new-service"],
      [6, "set-service"],
      [1, "delete-service"],
      [20, "new-server"],
      [20, "set-server"],
      [4, "delete-server"],
      [2, "zero"],
    ] as [number, CommandName][]
  ).map(([weight, name]) => ({ weight, arbitrary: fc.constant(name) })),
);

export const oneCommand: fc.Arbitrary<Command> = fc.tuple(commandName, serviceKey).chain(([command, service]) => {
  switch (command) {
    case "new-service":
    case "set-service":
      return serviceSpec(service).map((spec): Command => ({ command, service, spec }));
    case "new-server":
    case "set-server":
      return serverSpec(service).map((server): Command => ({ command, service, server }));
    case "delete-server":
      return serverKey(service).map((server): Command => ({ command, service, server }));
    case "zero":
      return fc.constantFrom<Command>({ command, service }, { command, service }, { command, service: null });
    default:
      return fc.constant<Command>({ command: "delete-service", service });
  }
});

const write: fc.Arbitrary<Operation> = fc
  .oneof(
    { weight: 200, arbitrary: fc.array(oneCommand, { minLength: 1, maxLength: 5 }) },
    { weight: 1, arbitrary: fc.constant<Command[]>([{ command: "flush" }]) },
  )
  .map((commands) => ({ kind: "write", commands }));

const longestTimeoutS = 21_474_836;
const timeout = edge(fc.integer({ min: 0, max: 2_678_400 }), 0, 1, longestTimeoutS, longestTimeoutS + 1, INT_MAX);
export const timeouts: fc.Arbitrary<Timeouts> = fc.record({ tcpS: timeout, tcpFinS: timeout, udpS: timeout });

const anyDaemon: fc.Arbitrary<SyncDaemonSpec> = fc.record(
  {
    role: fc.constantFrom<SyncRole>("master", "backup"),
    interface: fc.constantFrom("eth0", "eth0", "eth1", "lo", "nowhere0"),
    syncId: fc.constantFrom(0, 7, 255),
    maxLength: fc.constantFrom(1, 1000, 1472, 9000, 65_535),
    group: fc.constantFrom("224.0.0.81", "239.1.2.3", "ff02::81", "ff05::81", "192.0.2.1", "2001:db8::1"),
    port: fc.constantFrom(8848, 1, 65_535),
    ttl: fc.constantFrom(1, 255),
  },
  { requiredKeys: ["role", "interface", "syncId"] },
);

/** Now and then one that has no route to its group, where the kernel has an errno of its own. */
export const daemon: fc.Arbitrary<SyncDaemonSpec> = fc.oneof(
  { weight: 7, arbitrary: anyDaemon },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom("lo", "eth1")
      .map((name): SyncDaemonSpec => ({ role: "master", interface: name, syncId: 0, group: "ff02::81" })),
  },
);

export const plain: ObservedServiceSpec = {
  scheduler: "wlc",
  schedulerFlags: [],
  persistence: null,
  onePacket: false,
  engine: null,
};

/** Adds some of the usual services, so that what follows has something to work on. */
const beginning: fc.Arbitrary<Operation> = fc.subarray(usualServices, { minLength: 7 }).map((services) => ({
  kind: "write",
  commands: services.map((service): Command => ({ command: "new-service", service, spec: plain })),
}));

/** One operation; a write may be a batch of several commands. */
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 200, arbitrary: write },
  { weight: 20, arbitrary: serviceKey.map((service): Operation => ({ kind: "service", service })) },
  {
    weight: 6,
    arbitrary: timeouts.map((timeouts): Operation => ({ kind: "set-timeouts", timeouts })),
  },
  { weight: 16, arbitrary: daemon.map((daemon): Operation => ({ kind: "start-daemon", daemon })) },
  {
    weight: 10,
    arbitrary: fc.constantFrom<SyncRole>("master", "backup").map((role): Operation => ({ kind: "stop-daemon", role })),
  },
);

/** What is done to an empty table, up to `most` operations. */
export const operations = (most: number): fc.Arbitrary<Operation[]> =>
  fc
    .tuple(beginning, fc.array(operation, { minLength: 1, maxLength: most - 1, size: "max" }))
    .map(([first, rest]) => [first, ...rest]);
