import fc from "fast-check";
import { type ObservedServerSpec, serverId } from "../real-server.ts";
import { type ObservedServiceSpec, type ServiceKey, serviceId } from "../service.ts";
import type { SyncDaemonSpec } from "../sync-daemon.ts";
import { isSetting, type Step } from "./command.ts";
import { equal } from "./equal.ts";
import { copyOfHost, type HostState, perform, type TableState } from "./host-state.ts";

/** A kernel for tests: it takes and refuses what the real one does, by whether a row is there. */
export class ModelKernel {
  readonly host: HostState;

  constructor(host: HostState) {
    this.host = copyOfHost(host);
  }

  /** Was it done? */
  take(step: Step): boolean {
    if (!this.#allows(step)) return false;
    perform(this.host, step);
    return true;
  }

  #allows(step: Step): boolean {
    if (step.command === "flush" || step.command === "set-timeouts") return true;
    if (isSetting(step)) {
      const role = step.command === "stop-daemon" ? step.role : step.daemon.role;
      return (this.host.daemons?.has(role) ?? false) === (step.command === "stop-daemon");
    }
    if (step.service === null) return true;
    const service = this.host.services.get(serviceId(step.service));
    if (step.command === "new-service") return service === undefined;
    if (!service || !("server" in step)) return service !== undefined;
    return service.servers.has(serverId(step.service, step.server)) === (step.command !== "new-server");
  }
}

export const keys: readonly ServiceKey[] = [
  { kind: "address", protocol: "tcp", address: "192.0.2.1", port: 80 },
  { kind: "address", protocol: "udp", address: "192.0.2.1", port: 80 },
  { kind: "fwmark", family: 4, mark: 1 },
  { kind: "fwmark", family: 6, mark: 1 },
];

export const spec = fc.record<ObservedServiceSpec>({
  scheduler: fc.constantFrom("rr", "wlc"),
  schedulerFlags: fc.constantFrom<ObservedServiceSpec["schedulerFlags"][]>([], ["flag-1"]),
  persistence: fc.constantFrom(null, { timeoutS: 60, netmask: "255.255.255.0" }),
  onePacket: fc.boolean(),
  engine: fc.constantFrom(null, "sip"),
});

export const server = fc.record<ObservedServerSpec>({
  address: fc.constantFrom("10.0.0.1", "10.0.0.2", "10.0.0.3", "2001:db8::1"),
  port: fc.constantFrom(80, 81),
  forward: fc.constantFrom("nat", "forward-6"),
  weight: fc.integer({ min: 0, max: 2 }),
  upperThreshold: fc.integer({ min: 0, max: 1 }),
  lowerThreshold: fc.constant(0),
  tunnel: fc.constantFrom(null, { type: "type-9", port: 1, checksum: "flags-3" }),
});

export const table = fc
  .array(fc.tuple(fc.constantFrom(...keys), spec, fc.array(server, { maxLength: 6 })), { maxLength: 4 })
  .map((services): TableState => {
    const state: TableState = new Map();
    for (const [key, settings, servers] of services) {
      const byId = new Map(servers.map((one) => [serverId(key, one), one]));
      state.set(serviceId(key), { key, spec: settings, servers: byId });
    }
    return state;
  });

const timeouts = fc.constantFrom(
  { tcpS: 900, tcpFinS: 120, udpS: 300 },
  { tcpS: 60, tcpFinS: 0, udpS: 0 },
  { tcpS: 0, tcpFinS: 7, udpS: 9 },
);
const daemon = fc.record<SyncDaemonSpec>({
  role: fc.constantFrom("master", "backup"),
  interface: fc.constantFrom("eth0", "eth1"),
  syncId: fc.integer({ min: 0, max: 1 }),
});

export const host = fc.tuple(table, fc.array(daemon, { maxLength: 2 })).map(
  ([services, daemons]): HostState => ({
    services,
    timeouts: { tcpS: 900, tcpFinS: 120, udpS: 300 },
    daemons: new Map(daemons.map((one) => [one.role, one])),
  }),
);

/** Any step, whether it fits or not. */
export const step: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom(...keys), spec, server, daemon, timeouts, fc.integer({ min: 0, max: 39 }))
  .map(([service, settings, one, syncs, times, which]): Step => {
    if (which === 0) return { command: "flush" };
    if (which === 1) return { command: "set-timeouts", timeouts: times };
    if (which === 2) return { command: "start-daemon", daemon: syncs };
    if (which === 3) return { command: "stop-daemon", role: syncs.role };
    if (which < 10) return { command: which < 7 ? "new-service" : "set-service", service, spec: settings };
    if (which < 13) return { command: "delete-service", service };
    if (which < 31) return { command: which < 22 ? "new-server" : "set-server", service, server: one };
    return { command: "delete-server", service, server: { address: one.address, port: one.port } };
  });

/** Every row of a host by its name. */
export function rows(of: HostState): Map<string, unknown> {
  const all = new Map<string, unknown>([["timeouts", of.timeouts]]);
  for (const [role, running] of of.daemons ?? []) all.set(`daemon:${role}`, running);
  for (const [id, service] of of.services) {
    all.set(id, service.spec);
    for (const [serverName, one] of service.servers) all.set(serverName, one);
  }
  return all;
}

/** Names of rows that are not the same on both. */
export function differences(one: HostState, other: HostState): string[] {
  const mine = rows(one);
  const theirs = rows(other);
  return [...new Set([...mine.keys(), ...theirs.keys()])].filter((name) => !equal(mine.get(name), theirs.get(name)));
}
