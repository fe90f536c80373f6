import fc from "fast-check";
import { expect, it } from "vitest";
import { type ObservedServerSpec, serverId } from "#domain/real-server";
import { type ObservedServiceSpec, type ServiceKey, serviceId } from "#domain/service";
import { copyOf, perform, type TableState } from "./table-state.ts";
import { commandsBetween } from "./take-back.ts";

const keys: ServiceKey[] = [
  { kind: "address", protocol: "tcp", address: "192.0.2.1", port: 80 },
  { kind: "address", protocol: "udp", address: "192.0.2.1", port: 80 },
  { kind: "fwmark", family: 4, mark: 1 },
  { kind: "fwmark", family: 6, mark: 1 },
];

const spec = fc.record<ObservedServiceSpec>({
  scheduler: fc.constantFrom("rr", "wlc"),
  schedulerFlags: fc.constantFrom<ObservedServiceSpec["schedulerFlags"][]>([], ["flag-1"]),
  persistence: fc.constantFrom(null, { timeoutS: 60, netmask: "255.255.255.0" }),
  onePacket: fc.boolean(),
  engine: fc.constantFrom(null, "sip"),
});

const server = fc.record<ObservedServerSpec>({
  address: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1"),
  port: fc.constantFrom(80, 81),
  forward: fc.constantFrom("nat", "forward-6"),
  weight: fc.integer({ min: 0, max: 2 }),
  upperThreshold: fc.integer({ min: 0, max: 1 }),
  lowerThreshold: fc.constant(0),
  tunnel: fc.constantFrom(null, { type: "type-9", port: 1, checksum: "flags-3" }),
});

const table = fc
  .array(fc.tuple(fc.constantFrom(...keys), spec, fc.array(server, { maxLength: 6 })), { maxLength: 4 })
  .map((services): TableState => {
    const state: TableState = new Map();
    for (const [key, settings, servers] of services) {
      const byId = new Map(servers.map((one) => [serverId(key, one), one]));
      state.set(serviceId(key), { key, spec: settings, servers: byId });
    }
    return state;
  });

it("turns any table into any other, with nothing left to do after", () => {
  fc.assert(
    fc.property(table, table, (now, wanted) => {
      const state = copyOf(now);
      for (const command of commandsBetween(now, wanted)) perform(state, command);
      expect(state).toEqual(wanted);
      expect(commandsBetween(state, wanted)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it("never adds what is there, nor sets or removes what is not", () => {
  fc.assert(
    fc.property(table, table, (now, wanted) => {
      const state = copyOf(now);
      for (const command of commandsBetween(now, wanted)) {
        if (!("service" in command) || command.service === null) throw new Error(command.command);
        const service = state.get(serviceId(command.service));
        const there =
          "server" in command ? service?.servers.has(serverId(command.service, command.server)) : service !== undefined;
        expect(there ?? false).toBe(!command.command.startsWith("new-"));
        if ("server" in command) expect(service).toBeDefined();
        perform(state, command);
      }
    }),
    { numRuns: 300 },
  );
});

it("adds the servers of a lost service oldest first, as the kernel had them", () => {
  const [key] = keys as [ServiceKey];
  const servers = ["10.0.0.3", "10.0.0.1", "10.0.0.2"].map((address): [string, ObservedServerSpec] => {
    const one: ObservedServerSpec = {
      address,
      port: 80,
      forward: "nat",
      weight: 1,
      upperThreshold: 0,
      lowerThreshold: 0,
      tunnel: null,
    };
    return [serverId(key, one), one];
  });
  const settings: ObservedServiceSpec = {
    scheduler: "rr",
    schedulerFlags: [],
    persistence: null,
    onePacket: false,
    engine: null,
  };
  const wanted: TableState = new Map([[serviceId(key), { key, spec: settings, servers: new Map(servers) }]]);
  const added = commandsBetween(new Map(), wanted).map((command) =>
    "server" in command ? command.server.address : command.command,
  );
  expect(added).toEqual(["new-service", "10.0.0.3", "10.0.0.1", "10.0.0.2"]);
});
