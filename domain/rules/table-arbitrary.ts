import fc from "fast-check";
import { endpoint } from "../endpoint.ts";
import { possibleChecksums, type ServerSpec, tunnelTypes } from "../real-server.ts";
import {
  type SchedulerFlag,
  type ServiceKey,
  type ServiceSpec,
  schedulerFlags,
  serviceFamily,
  serviceId,
} from "../service.ts";
import type { PlainTable } from "./plain-table.ts";

/** A service as one would write it, with its servers. */
export interface WrittenService {
  key: ServiceKey;
  spec: ServiceSpec;
  servers: { spec: ServerSpec }[];
}

/** Far apart, so that ipvsadm's comparison wraps, and close together, so that all of it is compared. */
const virtualAddresses = {
  4: ["10.0.0.8", "10.0.0.9", "100.64.0.1", "192.0.2.10", "200.0.0.9", "9.255.255.255", "127.0.0.1"],
  6: ["2001:db8::9", "2001:db8::a", "fd00::1", "::1", "::10.0.0.9", "::ffff:10.0.0.9", "9001:db8::ffff:0:1"],
};
const serverAddresses = {
  4: ["10.1.0.1", "10.1.0.2", "10.1.1.1", "100.64.1.1", "192.0.2.20", "200.0.0.8", "127.0.0.2"],
  6: ["2001:db8:1::1", "2001:db8:1::2", "fd00:1::1", "::1", "64:ff9b::1", "9001:db8::1"],
};
const ports = [1, 53, 80, 443, 8080, 65_535];
/** All that the kernels at hand have; "none" binds no scheduler. */
const commonSchedulers = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sed", "nq", "fo", "ovf", "none"];
const uintMax = 4_294_967_295;
const intMax = 2_147_483_647;

const family = fc.constantFrom<4 | 6>(4, 4, 6);
const serviceKey: fc.Arbitrary<ServiceKey> = fc.oneof(
  {
    weight: 3,
    arbitrary: family.chain((of) =>
      fc.record({
        kind: fc.constant("address" as const),
        protocol: fc.constantFrom("tcp", "udp", "sctp"),
        address: fc.constantFrom(...virtualAddresses[of]),
        port: fc.constantFrom(0, ...ports),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("fwmark" as const),
      family,
      mark: fc.oneof(fc.constantFrom(1, 2, intMax, intMax + 1, uintMax), fc.integer({ min: 1, max: uintMax })),
    }),
  },
);

const scheduling: fc.Arbitrary<Pick<ServiceSpec, "scheduler" | "schedulerFlags">> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      scheduler: fc.constantFrom(...commonSchedulers),
      schedulerFlags: fc.oneof(fc.constant<SchedulerFlag[]>([]), fc.subarray([...schedulerFlags])),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      scheduler: fc.constantFrom("sh", "mh"),
      schedulerFlags: fc.subarray(schedulerFlags.slice(0, 2)),
    }),
  },
);

const netmask = {
  4: fc.constantFrom("255.255.255.255", "255.255.255.0", "0.0.0.0", "255.0.255.0", "0.0.0.24"),
  6: fc.constantFrom("128", "64", "1", "127"),
};

function serviceSpec(key: ServiceKey): fc.Arbitrary<ServiceSpec> {
  const persistent: fc.Arbitrary<ServiceSpec["persistence"]> = fc.record({
    timeoutS: fc.constantFrom(1, 50, 300, 360, 2_678_400),
    netmask: netmask[serviceFamily(key)],
  });
  const mayStandAlone = key.kind === "fwmark" || key.port !== 0;
  const oneByOne = key.kind === "fwmark" || key.protocol === "udp";
  return fc
    .record({
      scheduling,
      persistence: mayStandAlone ? fc.option(persistent, { freq: 2 }) : persistent,
      onePacket: oneByOne ? fc.boolean() : fc.constant(false),
      engine: fc.constantFrom<string | null>(null, null, null, "sip"),
    })
    .map(({ scheduling: { scheduler, schedulerFlags: flags }, ...rest }) => ({
      scheduler,
      schedulerFlags: flags,
      ...rest,
    }));
}

const tunnel = fc.constantFrom(...tunnelTypes).chain((type) =>
  fc.record({
    type: fc.constant(type),
    port: type === "gue" ? fc.constantFrom(1, 6080, 65_535) : fc.constant(0),
    checksum: fc.constantFrom(...possibleChecksums[type]),
  }),
);

const limits = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ upperThreshold: 0, lowerThreshold: 0 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { upperThreshold: 100, lowerThreshold: 0 },
      { upperThreshold: 100, lowerThreshold: 75 },
      { upperThreshold: intMax, lowerThreshold: intMax },
    ),
  },
);

function serverSpec(key: ServiceKey): fc.Arbitrary<ServerSpec> {
  const of = serviceFamily(key);
  return fc
    .record({
      forward: fc.constantFrom("nat" as const, "tunnel" as const, "direct" as const),
      own: fc.constantFrom(...serverAddresses[of]),
      other: fc.constantFrom(...serverAddresses[of === 4 ? 6 : 4]),
      mixed: fc.constantFrom(false, false, true),
      port: fc.constantFrom(0, ...ports),
      weight: fc.constantFrom(0, 1, 1, 5, 65_535, intMax),
      limits,
      tunnel,
    })
    .map(({ forward, own, other, mixed, port, weight, limits: thresholds, tunnel: carrier }) => ({
      address: mixed && forward === "tunnel" ? other : own,
      // Direct routing and tunnelling leave the port alone, so that ipvsadm writes the service's.
      port: forward === "nat" || key.kind === "fwmark" ? port : key.port,
      forward,
      weight,
      ...thresholds,
      tunnel: forward === "tunnel" ? carrier : null,
    }));
}

const service: fc.Arbitrary<WrittenService> = serviceKey.chain((key) =>
  fc.record({
    key: fc.constant(key),
    spec: serviceSpec(key),
    servers: fc.uniqueArray(fc.record({ spec: serverSpec(key) }), {
      maxLength: 5,
      selector: ({ spec }) => endpoint(spec.address, spec.port),
    }),
  }),
);

/** Random tables of every kind of service and server that ipvsadm can make and a kernel takes. */
export const writtenTable: fc.Arbitrary<WrittenService[]> = fc.uniqueArray(service, {
  maxLength: 8,
  selector: ({ key }) => serviceId(key),
});

/** A table so that two are equal when they hold the same rows, whatever their order. */
export function comparable(table: PlainTable): Record<string, unknown> {
  return Object.fromEntries(
    table.map(({ key, spec, servers }) => [
      serviceId(key),
      {
        spec,
        servers: Object.fromEntries(servers.map(({ spec: server }) => [endpoint(server.address, server.port), server])),
      },
    ]),
  );
}
