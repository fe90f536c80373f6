import type { ObservedServerSpec } from "#domain/real-server";
import type { ObservedServiceSpec, ServiceKey } from "#domain/service";
import type { TrafficProfile } from "./profile.ts";

/** What a simulated director starts with. */
export type SeedTable = readonly SeedService[];

export interface SeedService {
  key: ServiceKey;
  spec: ObservedServiceSpec;
  profile?: Partial<TrafficProfile>;
  /** in the order they were added */
  servers: readonly SeedServer[];
}

export interface SeedServer {
  spec: ObservedServerSpec;
  /** the weight it had while it got the connections it has now; without it the same as now */
  weightBefore?: number;
}

const address = (protocol: string, text: string, port: number): ServiceKey => ({
  kind: "address",
  protocol,
  address: text,
  port,
});
const spec = (scheduler: string, more: Partial<ObservedServiceSpec> = {}): ObservedServiceSpec => ({
  scheduler,
  schedulerFlags: [],
  persistence: null,
  onePacket: false,
  engine: null,
  ...more,
});

function server(
  text: string,
  port: number,
  weight: number,
  more: Partial<ObservedServerSpec> = {},
  weightBefore?: number,
): SeedServer {
  const made: ObservedServerSpec = {
    address: text,
    port,
    forward: "nat",
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
    ...more,
  };
  return weightBefore === undefined ? { spec: made } : { spec: made, weightBefore };
}

const direct = { forward: "direct" } as const;
const tunnel = (type: "ipip" | "gue" | "gre", port = 0, checksum = "none") =>
  ({ forward: "tunnel", tunnel: { type, port, checksum } }) as const;

/** One of everything that a page has to show. Addresses are private ones or for documentation (RFC 1918, 4193, 5737, 3849). */
export const usualTable: SeedTable = [
  {
    key: address("tcp", "192.0.2.10", 80),
    spec: spec("wrr"),
    profile: { connectionsPerSecond: 120, establishedS: 4, inPackets: 9, outPackets: 14, outBytesPerPacket: 980 },
    servers: [
      server("10.0.1.11", 8080, 3),
      server("10.0.1.12", 8080, 3),
      server("10.0.1.13", 8080, 2),
      server("10.0.1.14", 8080, 1),
    ],
  },
  {
    key: address("tcp", "192.0.2.10", 443),
    spec: spec("wlc", { persistence: { timeoutS: 360, netmask: "255.255.255.255" } }),
    profile: { connectionsPerSecond: 85, establishedS: 20, inPackets: 24, inBytesPerPacket: 210, clients: 900 },
    servers: [
      server("192.0.2.31", 443, 10, direct),
      server("192.0.2.32", 443, 10, direct),
      server("192.0.2.33", 443, 5, direct),
    ],
  },
  {
    key: address("udp", "192.0.2.53", 53),
    spec: spec("rr", { onePacket: true }),
    profile: { connectionsPerSecond: 640, establishedS: 0, inPackets: 1, outPackets: 1, inBytesPerPacket: 74 },
    servers: [server("10.0.2.53", 53, 1), server("10.0.2.54", 53, 1), server("10.0.2.55", 53, 1)],
  },
  {
    key: address("udp", "192.0.2.60", 5060),
    spec: spec("sh", {
      schedulerFlags: ["flag-1"],
      engine: "sip",
      persistence: { timeoutS: 180, netmask: "255.255.255.0" },
    }),
    profile: { connectionsPerSecond: 12, establishedS: 0, inPackets: 6, outPackets: 5, inBytesPerPacket: 520 },
    servers: [server("10.0.3.11", 5060, 1), server("10.0.3.12", 5060, 1)],
  },
  {
    key: address("sctp", "192.0.2.70", 2905),
    spec: spec("lc"),
    profile: { connectionsPerSecond: 1.5, establishedS: 240, inPackets: 900, outPackets: 880, inBytesPerPacket: 160 },
    servers: [server("10.0.4.11", 2905, 1), server("10.0.4.12", 2905, 1)],
  },
  {
    key: address("tcp", "2001:db8::80", 80),
    spec: spec("wlc", { persistence: { timeoutS: 600, netmask: "64" } }),
    profile: { connectionsPerSecond: 45, establishedS: 5, inPackets: 10, outPackets: 15, outBytesPerPacket: 1010 },
    servers: [server("fd00:10::11", 8080, 2), server("fd00:10::12", 8080, 2), server("fd00:10::13", 8080, 1)],
  },
  {
    key: address("tcp", "198.51.100.20", 8443),
    spec: spec("mh", { schedulerFlags: ["flag-1", "flag-2"] }),
    profile: { connectionsPerSecond: 60, establishedS: 9, inPackets: 18, inBytesPerPacket: 330 },
    servers: [
      server("203.0.113.21", 8443, 4, tunnel("ipip")),
      server("203.0.113.22", 8443, 4, tunnel("gue", 6080, "checksum")),
      server("203.0.113.23", 8443, 2, tunnel("gre", 0, "checksum")),
      server("2001:db8:20::24", 8443, 2, tunnel("gue", 6080, "remote-checksum")),
    ],
  },
  {
    key: address("tcp", "192.0.2.25", 25),
    spec: spec("sed"),
    profile: { connectionsPerSecond: 6, establishedS: 900, inPackets: 400, outPackets: 260, inBytesPerPacket: 700 },
    servers: [server("10.0.5.11", 25, 4), server("10.0.5.12", 25, 4), server("10.0.5.13", 25, 0, {}, 4)],
  },
  {
    key: address("tcp", "192.0.2.30", 5432),
    spec: spec("nq"),
    profile: { connectionsPerSecond: 8, establishedS: 30, inPackets: 60, outPackets: 90, inBytesPerPacket: 180 },
    servers: [
      server("10.0.6.11", 5432, 1, { upperThreshold: 400, lowerThreshold: 350 }),
      server("10.0.6.12", 5432, 2),
      server("10.0.6.13", 5432, 1, { upperThreshold: 100, lowerThreshold: 100 }),
    ],
  },
  {
    key: address("tcp", "192.0.2.40", 9200),
    spec: spec("wlc"),
    profile: { connectionsPerSecond: 10, establishedS: 60 },
    servers: [server("10.0.7.11", 9200, 0, {}, 1), server("10.0.7.12", 9200, 0, {}, 1)],
  },
  { key: address("tcp", "192.0.2.50", 8000), spec: spec("fo"), servers: [] },
  {
    key: { kind: "fwmark", family: 4, mark: 7 },
    spec: spec("lblcr", { persistence: { timeoutS: 300, netmask: "255.255.255.0" } }),
    profile: { connectionsPerSecond: 35, establishedS: 8, inPackets: 14, inBytesPerPacket: 260 },
    servers: [server("10.0.8.11", 0, 5, direct), server("10.0.8.12", 0, 5, direct)],
  },
  {
    key: { kind: "fwmark", family: 6, mark: 7 },
    spec: spec("ovf"),
    profile: { connectionsPerSecond: 5, establishedS: 10, inPackets: 12, inBytesPerPacket: 240 },
    servers: [server("fd00:20::11", 0, 40), server("fd00:20::12", 0, 30)],
  },
];

const largeSchedulers = ["wlc", "rr", "wrr", "lc", "sed"];

/** Many services alike, for tests of size: up to 65,536 of them with up to 4,096 servers each. */
export function largeTable({ services, servers }: { services: number; servers: number }): SeedTable {
  return Array.from({ length: services }, (_, service) => ({
    key: address("tcp", `10.${100 + (service >> 14)}.${(service >> 6) & 255}.${1 + (service & 63)}`, 80),
    spec: spec(largeSchedulers[service % largeSchedulers.length] ?? "wlc"),
    profile: { connectionsPerSecond: 1 + (service % 7), establishedS: 5 },
    servers: Array.from({ length: servers }, (_, index) =>
      server(
        `10.${200 + (index >> 8)}.${(service >> 8) & 255}.${index & 255}`,
        1024 + (service & 255),
        1 + (index % 5),
      ),
    ),
  }));
}

/** How long a connection that closed stays in the table: TIME_WAIT's and UDP's usual times, and SCTP's. */
const lingersS = { tcp: 120, udp: 300, sctp: 2 } as const;

/** The same table with so much traffic that about so many connections are in it. */
export function withConnections(table: SeedTable, connections: number): SeedTable {
  const usual = table.reduce((sum, service) => sum + connectionsOf(service), 0);
  const factor = usual === 0 ? 1 : connections / usual;
  return table.map(({ profile, ...service }) => {
    if (profile?.connectionsPerSecond === undefined) return { ...service, ...(profile ? { profile } : {}) };
    return { ...service, profile: { ...profile, connectionsPerSecond: profile.connectionsPerSecond * factor } };
  });
}

/** In the mean, once as many go as come. */
function connectionsOf({ key, spec, profile, servers }: SeedService): number {
  if (servers.length === 0 || spec.onePacket) return 0;
  const { connectionsPerSecond = 0, establishedS = 0 } = profile ?? {};
  const protocol = key.kind === "address" && key.protocol in lingersS ? (key.protocol as keyof typeof lingersS) : "tcp";
  return connectionsPerSecond * (establishedS + lingersS[protocol]);
}
