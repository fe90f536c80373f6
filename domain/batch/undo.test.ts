import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ObservedServerSpec } from "../real-server.ts";
import { serviceId } from "../service.ts";
import type { SyncDaemon } from "../sync-daemon.ts";
import { differences, host, keys, step, table } from "./batch-model.ts";
import type { Command, Step } from "./command.ts";
import { commandsBetween } from "./commands-between.ts";
import { copyOfHost, copyOfTable, type HostState, perform, type TableState } from "./host-state.ts";
import { Moves } from "./moves.ts";
import { packMoves, unpackMoves } from "./packed-moves.ts";
import { stepName } from "./step-name.ts";
import { Rehearsal } from "./trail.ts";
import { isDone, undo } from "./undo.ts";

const [http, dns] = keys as [(typeof keys)[number], (typeof keys)[number]];
const settings = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const server = (address: string, weight = 1): ObservedServerSpec => ({
  ...{ address, port: 80, forward: "nat", weight },
  ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: null },
});
const hostOf = (services: TableState): HostState => ({ services, timeouts: null, daemons: null });

function done(found: HostState, commands: readonly Step[]) {
  const rehearsal = new Rehearsal(found);
  for (const command of commands) rehearsal.play(command);
  return { now: copyOfHost(rehearsal.after), trails: rehearsal.trails() };
}

describe("commandsBetween", () => {
  const toHost = (state: TableState) => hostOf(copyOfTable(state));

  it("turns any table into any other, with nothing left to do after", () => {
    fc.assert(
      fc.property(table, table, (now, wanted) => {
        const state = toHost(now);
        for (const command of commandsBetween(now, wanted)) perform(state, command);
        expect(state.services).toEqual(wanted);
        expect(commandsBetween(state.services, wanted)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it("never adds what is there, nor sets or removes what is not", () => {
    fc.assert(
      fc.property(table, table, (now, wanted) => {
        const state = toHost(now);
        for (const command of commandsBetween(now, wanted)) {
          if (!("service" in command) || command.service === null) throw new Error(command.command);
          const service = state.services.get(serviceId(command.service));
          const there = "server" in command ? service?.servers.has(stepName(command)) : service !== undefined;
          expect(there ?? false).toBe(!command.command.startsWith("new-"));
          if ("server" in command) expect(service).toBeDefined();
          perform(state, command);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("undo", () => {
  it("puts back all that was moved, timeouts and daemons too, servers of a lost service oldest first", () => {
    fc.assert(
      fc.property(host, fc.array(step, { maxLength: 30 }), (found, steps) => {
        const { now, trails } = done(found, steps.filter(fitting(found)));
        const { steps: back, moved } = undo(now, trails);
        expect(moved).toEqual([]);
        for (const command of back) perform(now, command);
        expect(differences(now, found)).toEqual([]);
        for (const [id, service] of found.services) {
          const wasLost = trails.services.some((trail) => trail.id === id && trail.states.includes(null));
          if (wasLost && trails.services.find((trail) => trail.id === id)?.states.at(-1) === null)
            expect([...(now.services.get(id)?.servers.keys() ?? [])]).toEqual([...service.servers.keys()]);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("comes back the same from its journal", () => {
    fc.assert(
      fc.property(host, fc.array(step, { maxLength: 30 }), (found, steps) => {
        const fit = steps.filter(fitting(found));
        const moves = new Moves(found, fit);
        const journal = packMoves(moves);
        expect(moves.trails()).toEqual(done(found, fit).trails);
        expect(unpackMoves(journal).trails()).toEqual(moves.trails());
        expect(unpackMoves(journal).steps).toEqual(fit);
        expect(unpackMoves(journal).moveSomething()).toBe(moves.moveSomething());
      }),
      { numRuns: 300 },
    );
  });

  const made: Command[] = [
    { command: "new-service", service: http, spec: settings },
    { command: "new-server", service: http, server: server("10.0.0.1") },
    { command: "new-service", service: dns, spec: settings },
  ];

  it("leaves a service that it made as long as somebody else's server is in it, and takes its own out", () => {
    const { now, trails } = done(hostOf(new Map()), made);
    perform(now, { command: "new-server", service: http, server: server("10.0.0.9") });
    expect(undo(now, trails)).toEqual({
      steps: [
        { command: "delete-service", service: dns },
        { command: "delete-server", service: http, server: { address: "10.0.0.1", port: 80 } },
      ],
      moved: ["tcp:192.0.2.1:80", "tcp:192.0.2.1:80>10.0.0.9:80"],
    });
  });

  it("leaves servers of a service that somebody else took away, and names those that were there before", () => {
    const found = hostOf(
      new Map([
        [
          "tcp:192.0.2.1:80",
          { key: http, spec: settings, servers: new Map([["tcp:192.0.2.1:80>10.0.0.1:80", server("10.0.0.1")]]) },
        ],
      ]),
    );
    const { now, trails } = done(found, [
      { command: "set-server", service: http, server: server("10.0.0.1", 9) },
      { command: "new-server", service: http, server: server("10.0.0.2") },
    ]);
    perform(now, { command: "delete-service", service: http });
    expect(undo(now, trails)).toEqual({ steps: [], moved: ["tcp:192.0.2.1:80>10.0.0.1:80"] });
  });

  it("knows a batch for done whose rows somebody else has moved since, and not one of which a row is as found", () => {
    const { now, trails } = done(hostOf(new Map()), made);
    expect(isDone(now, trails)).toBe(true);
    perform(now, { command: "set-server", service: http, server: server("10.0.0.1", 50) });
    expect(isDone(now, trails)).toBe(true);
    expect(undo(now, trails).moved).toContain("tcp:192.0.2.1:80>10.0.0.1:80");
    perform(now, { command: "delete-service", service: dns });
    expect(isDone(now, trails)).toBe(false);
  });

  it("does not mind what the kernel chose for a daemon, and starts the one that was there as it was", () => {
    const old: SyncDaemon = {
      ...{ role: "master" as const, interface: "eth0", syncId: 1 },
      ...{ maxLength: 1464, group: "224.0.0.81", port: 8848, ttl: 1 },
    };
    const found: HostState = { services: new Map(), timeouts: null, daemons: new Map([["master", old]]) };
    const { trails } = done(found, [
      { command: "stop-daemon", role: "master" },
      { command: "start-daemon", daemon: { role: "master", interface: "eth1", syncId: 2, maxLength: 10 } },
    ]);
    const running: SyncDaemon = { ...old, interface: "eth1", syncId: 2, maxLength: 1024 };
    const now: HostState = { ...found, daemons: new Map([["master", running]]) };
    expect(isDone(now, trails)).toBe(true);
    expect(undo(now, trails).steps).toEqual([
      { command: "stop-daemon", role: "master" },
      { command: "start-daemon", daemon: old },
    ]);
    const foreign: HostState = { ...found, daemons: new Map([["master", { ...running, syncId: 3 }]]) };
    expect(undo(foreign, trails)).toEqual({ steps: [], moved: ["daemon:master"] });
  });
});

/** Lets through those that a kernel would take, one after the other. */
function fitting(found: HostState): (command: Step) => boolean {
  const state = copyOfHost(found);
  return (command) => {
    const service =
      "service" in command && command.service ? state.services.get(serviceId(command.service)) : undefined;
    const there = "server" in command ? service?.servers.has(stepName(command)) : service !== undefined;
    const isAdded = command.command.startsWith("new-");
    const fits =
      !("service" in command) || ((there ?? false) !== isAdded && (!("server" in command) || service !== undefined));
    if (fits) perform(state, command);
    return fits;
  };
}
