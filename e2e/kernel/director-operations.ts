import fc from "fast-check";
import { familyOf } from "#domain/address";
import type { Command } from "#domain/batch/command";
import type { Change } from "#domain/change";
import { forwards, type ObservedServerSpec, tunnelTypes } from "#domain/real-server";
import {
  canonicalNetmask,
  maxPersistenceS,
  type ObservedServiceSpec,
  type ServiceKey,
  serviceFamily,
} from "#domain/service";
import type { SyncDaemonSpec, SyncRole } from "#domain/sync-daemon";
import type { Timeouts } from "#domain/timeouts";
import { daemon, oneCommand, plain, serviceKey, timeouts, usualServices } from "./operations.ts";

/** Random operations on a director: mostly what its rules let through, so that the kernel's own have their say. */
export type DirectorOperation =
  | { kind: "apply"; changes: Change[] }
  | { kind: "service"; service: ServiceKey }
  | { kind: "zero"; service: ServiceKey | null }
  | { kind: "clear" }
  | { kind: "set-timeouts"; timeouts: Timeouts }
  | { kind: "start-daemon"; daemon: SyncDaemonSpec }
  | { kind: "stop-daemon"; role: SyncRole };

/** Of ten commands made for a kernel, nine are mended and one is left as it came. */
const change: fc.Arbitrary<Change> = fc
  .tuple(
    oneCommand.filter(({ command }) => command !== "zero" && command !== "flush"),
    fc.constantFrom("edit-server", "set-weight", "drain-server", "restore-server", "drain-server"),
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 0, max: 19 }),
  )
  .map(([command, weightVerb, luck, suspicion]) => {
    const made = changeOf(luck === 0 ? command : mended(command), weightVerb as WeightVerb);
    if (suspicion <= 1 && made.verb === "edit-service") return { ...made, expected: plain };
    // A scheduler that the rules know and the guest has no module for.
    if (suspicion === 2 && "spec" in made) return { ...made, spec: { ...made.spec, scheduler: "twos" } };
    return made;
  });

type WeightVerb = "edit-server" | "set-weight" | "drain-server" | "restore-server";

function changeOf(command: Command, weightVerb: WeightVerb): Change {
  switch (command.command) {
    case "new-service":
      return { verb: "add-service", service: command.service, spec: command.spec as ServiceSpec };
    case "set-service":
      return { verb: "edit-service", service: command.service, spec: command.spec as ServiceSpec };
    case "new-server":
      return { verb: "add-server", service: command.service, server: command.server as ServerSpec };
    case "set-server": {
      const { service, server } = command;
      if (weightVerb === "edit-server") return { verb: weightVerb, service, server: server as ServerSpec };
      const key = { address: server.address, port: server.port };
      if (weightVerb === "set-weight") return { verb: weightVerb, service, server: key, weight: server.weight };
      return { verb: weightVerb, service, server: key };
    }
    case "delete-server":
      return { verb: "remove-server", service: command.service, server: command.server };
    case "delete-service":
      return { verb: "remove-service", service: command.service };
    default:
      throw new TypeError(`${command.command} is no change`);
  }
}

type ServiceSpec = Extract<Change, { verb: "add-service" }>["spec"];
type ServerSpec = Extract<Change, { verb: "add-server" }>["server"];

function mended(command: Command): Command {
  if ("spec" in command) return { ...command, spec: mendedService(command.service, command.spec) };
  if (!("server" in command) || !("forward" in command.server)) return command;
  return { ...command, server: mendedServer(command.service, command.server) } as Command;
}

function mendedService(key: ServiceKey, spec: ObservedServiceSpec): ObservedServiceSpec {
  const isHash = spec.scheduler === "sh" || spec.scheduler === "mh";
  const needsPersistence = key.kind === "address" && key.port === 0;
  const fallback = { timeoutS: 360, netmask: serviceFamily(key) === 4 ? "255.255.255.0" : "64" };
  const { timeoutS, netmask } = spec.persistence ?? fallback;
  const persistence = {
    timeoutS: Math.min(maxPersistenceS, Math.max(1, timeoutS)),
    netmask: canonicalNetmask(netmask, serviceFamily(key)) ?? fallback.netmask,
  };
  return {
    ...spec,
    onePacket: spec.onePacket && (key.kind === "fwmark" || key.protocol === "udp"),
    schedulerFlags: isHash ? spec.schedulerFlags.filter((flag) => flag !== "flag-3") : spec.schedulerFlags,
    persistence: spec.persistence || needsPersistence ? persistence : null,
  };
}

function mendedServer(key: ServiceKey, server: ObservedServerSpec): ObservedServerSpec {
  const mixed = familyOf(server.address) !== serviceFamily(key);
  const forward = mixed ? "tunnel" : (forwards.find((known) => known === server.forward) ?? "nat");
  return {
    ...server,
    forward,
    port: forward !== "nat" && key.kind === "address" ? key.port : server.port,
    weight: Math.max(0, server.weight),
    upperThreshold: Math.max(server.upperThreshold, server.lowerThreshold),
    tunnel: forward === "tunnel" ? mendedTunnel(server.tunnel) : null,
  };
}

function mendedTunnel(tunnel: ObservedServerSpec["tunnel"]): NonNullable<ObservedServerSpec["tunnel"]> {
  const type = tunnelTypes.find((known) => known === tunnel?.type) ?? "ipip";
  if (type === "ipip") return { type, port: 0, checksum: "none" };
  const checksum = tunnel?.checksum === "checksum" ? "checksum" : "none";
  return { type, port: type === "gue" ? Math.max(1, tunnel?.port ?? 0) : 0, checksum };
}

/** The same few servers added, drained and restored, each now and then: by chance alone these seldom meet. */
const drainCycle: fc.Arbitrary<DirectorOperation> = fc
  .tuple(
    fc.constantFrom(...usualServices.slice(0, 2)),
    fc.subarray(["add-server", "drain-server", "restore-server"] as const, { minLength: 1 }),
    fc.integer({ min: 0, max: 9 }),
  )
  .map(([service, verbs, weight]) => {
    const server = { address: "10.0.0.7", port: 80 };
    const added = { ...server, forward: "nat", weight, upperThreshold: 0, lowerThreshold: 0, tunnel: null } as const;
    const changes = verbs.map(
      (verb): Change => (verb === "add-server" ? { verb, service, server: added } : { verb, service, server }),
    );
    return { kind: "apply", changes };
  });

const beginning: DirectorOperation = {
  kind: "apply",
  changes: usualServices.map((service): Change => {
    const spec = mendedService(service, plain) as ServiceSpec;
    return { verb: "add-service", service, spec };
  }),
};

const operation: fc.Arbitrary<DirectorOperation> = fc.oneof(
  {
    weight: 200,
    arbitrary: fc
      .oneof(
        { weight: 4, arbitrary: fc.tuple(change) },
        { weight: 1, arbitrary: fc.array(change, { minLength: 2, maxLength: 4 }) },
      )
      .map((changes): DirectorOperation => ({ kind: "apply", changes })),
  },
  { weight: 20, arbitrary: drainCycle },
  { weight: 10, arbitrary: serviceKey.map((service): DirectorOperation => ({ kind: "service", service })) },
  {
    weight: 10,
    arbitrary: fc.option(serviceKey, { nil: null }).map((service): DirectorOperation => ({ kind: "zero", service })),
  },
  { weight: 1, arbitrary: fc.constant<DirectorOperation>({ kind: "clear" }) },
  { weight: 4, arbitrary: timeouts.map((timeouts): DirectorOperation => ({ kind: "set-timeouts", timeouts })) },
  { weight: 16, arbitrary: daemon.map((daemon): DirectorOperation => ({ kind: "start-daemon", daemon })) },
  {
    weight: 10,
    arbitrary: fc
      .constantFrom<SyncRole>("master", "backup")
      .map((role): DirectorOperation => ({ kind: "stop-daemon", role })),
  },
);

/** What is done to a director with an empty table, up to `most` operations. */
export const directorOperations = (most: number): fc.Arbitrary<DirectorOperation[]> =>
  fc
    .array(operation, { minLength: 1, maxLength: most - 1, size: "max" })
    .map((operations) => [beginning, ...operations]);
