import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressOf } from "#domain/address";
import { type ObservedServerSpec, observedForwards } from "#domain/real-server";
import {
  fullNetmask,
  type ObservedServiceSpec,
  type ServiceKey,
  schedulerFlags,
  schedulers,
  serviceFamily,
} from "#domain/service";
import { parseTotals } from "./kernel.ts";
import { commandBytes, decodeRows, decodeServer, decodeService, encodeCommands, rowBytes } from "./records.ts";

const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => addressOf(bytes).text);
const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => addressOf(bytes).text);
const sparse6 = fc.uint8Array({ minLength: 16, maxLength: 16, max: 1 }).map((bytes) => addressOf(bytes).text);
const anyAddress = fc.oneof(ipv4, ipv6, sparse6);
const port = fc.integer({ min: 0, max: 65_535 });

const serviceKey: fc.Arbitrary<ServiceKey> = fc.oneof(
  fc.record({
    kind: fc.constant("address" as const),
    protocol: fc.constantFrom("tcp", "udp", "sctp", "ip-50", "ip-0", "ip-65535"),
    address: anyAddress,
    port,
  }),
  fc.record({
    kind: fc.constant("fwmark" as const),
    family: fc.constantFrom(4 as const, 6 as const),
    mark: fc.integer({ min: 1, max: 4_294_967_295 }),
  }),
);

const serviceSpec = (key: ServiceKey): fc.Arbitrary<ObservedServiceSpec> =>
  fc.record({
    scheduler: fc.constantFrom(...schedulers),
    schedulerFlags: fc.subarray([...schedulerFlags]),
    persistence: fc.option(
      fc.record({
        timeoutS: fc.integer({ min: 0, max: 4_294_967_295 }),
        netmask: serviceFamily(key) === 4 ? ipv4 : fc.integer({ min: 1, max: 128 }).map(String),
      }),
    ),
    onePacket: fc.boolean(),
    engine: fc.constantFrom(null, "sip"),
  });

const serverSpec: fc.Arbitrary<ObservedServerSpec> = fc
  .record({
    address: anyAddress,
    port,
    forward: fc.constantFrom(...observedForwards),
    weight: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    upperThreshold: fc.integer({ min: 0, max: 4_294_967_295 }),
    lowerThreshold: fc.integer({ min: 0, max: 4_294_967_295 }),
    tunnel: fc.record({
      type: fc.constantFrom("ipip", "gue", "gre", "type-9", "type-255"),
      port,
      checksum: fc.constantFrom("none", "checksum", "remote-checksum", "flags-3"),
    }),
  })
  .map((server) => ({ ...server, tunnel: server.forward === "tunnel" ? server.tunnel : null }));

/** The service row and the server row of one packed command. */
const rowsOf = (commands: Uint8Array) =>
  [commands.subarray(8, 8 + rowBytes), commands.subarray(8 + rowBytes, commandBytes)] as const;

describe("packed rows", () => {
  test("a service comes back as it went, raw numbers included", () => {
    fc.assert(
      fc.property(
        serviceKey.chain((key) => fc.tuple(fc.constant(key), serviceSpec(key))),
        ([service, spec]) => {
          const [row] = rowsOf(encodeCommands([{ command: "new-service", service, spec }]));
          expect(decodeService(row, 0)).toMatchObject({ key: service, spec });
        },
      ),
    );
  });

  test("a real server comes back as it went", () => {
    fc.assert(
      fc.property(serviceKey, serverSpec, (service, server) => {
        const [serviceRow, serverRow] = rowsOf(encodeCommands([{ command: "new-server", service, server }]));
        expect(decodeServer(serverRow, 0, decodeService(serviceRow, 0)).spec).toEqual(server);
      }),
    );
  });

  test("without persistence the mask that goes out is the full one", () => {
    for (const family of [4, 6] as const) {
      const service = { kind: "fwmark" as const, family, mark: 1 };
      const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
      const [row] = rowsOf(encodeCommands([{ command: "new-service", service, spec }]));
      row[28] = 1;
      expect(decodeService(row, 0).spec.persistence?.netmask).toBe(fullNetmask(family));
    }
  });

  test("a name too long for the kernel is refused, not cut", () => {
    const service = { kind: "fwmark" as const, family: 4 as const, mark: 1 };
    const spec = { scheduler: "x".repeat(16), schedulerFlags: [], persistence: null, onePacket: false, engine: null };
    expect(() => encodeCommands([{ command: "new-service", service, spec }])).toThrow(RangeError);
  });
});

describe("decodeRows", () => {
  const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  const service = (mark: number): ServiceKey => ({ kind: "fwmark", family: 4, mark });
  const server = (port: number, weight = 1): ObservedServerSpec => ({
    ...{ address: "10.0.0.1", port, forward: "nat", weight, upperThreshold: 0, lowerThreshold: 0, tunnel: null },
  });
  const dump = (...table: [number, ObservedServerSpec[]][]) =>
    Buffer.concat(
      table.flatMap(([mark, servers]) => [
        rowsOf(encodeCommands([{ command: "new-service", service: service(mark), spec }]))[0],
        ...servers.map(
          (each) => rowsOf(encodeCommands([{ command: "new-server", service: service(mark), server: each }]))[1],
        ),
      ]),
    );

  test("an unchanged dump is the same array, an edit makes one new object", () => {
    const first = dump([1, [server(1), server(2)]], [2, [server(1)]]);
    const rows = decodeRows(first);
    expect(decodeRows(Buffer.from(first), { config: first, rows })).toBe(rows);
    const second = dump([1, [server(1), server(2, 0)]], [2, [server(1)]]);
    const edited = decodeRows(second, { config: first, rows });
    expect(edited.map((row, i) => row === rows[i])).toEqual([true, true, false, true, true]);
    expect(edited[2]).toMatchObject({ kind: "server", spec: { weight: 0 } });
  });

  test("a server in the place of another service's keeps nothing of it", () => {
    const first = dump([1, []], [2, [server(1)]]);
    const rows = decodeRows(first);
    const second = dump([1, [server(2), server(1)]]);
    expect(decodeRows(second, { config: first, rows })).toEqual(decodeRows(second));
  });

  test("the same server bytes under another service are another server", () => {
    const first = dump([1, [server(1)]]);
    const rows = decodeRows(first);
    const second = dump([2, [server(1)]]);
    expect(decodeRows(second, { config: first, rows })[1]).toMatchObject({
      serviceId: "fwmark:2",
      id: "fwmark:2>10.0.0.1:1",
    });
  });
});

test("ip_vs_stats: five hex numbers, and a clear fault for anything else", () => {
  const text =
    "   Total Incoming Outgoing         Incoming         Outgoing\n   Conns  Packets  Packets            Bytes            Bytes\n       A       1F        0             FFFF 123456789ABCDEF0\n\n";
  expect([...parseTotals(text)]).toEqual([10n, 31n, 0n, 65_535n, 0x123456789abcdef0n]);
  for (const bad of ["", "a\nb\n1 2 3 4\n", "a\nb\n1 2 3 4 x\n", `a\nb\n1 2 3 4 ${"F".repeat(17)}\n`]) {
    expect(() => parseTotals(bad)).toThrow(/ip_vs_stats/);
  }
});
