import type { SyncDaemonSpec } from "../sync-daemon.ts";
import type { Step } from "./command.ts";
import { commandsBetween } from "./commands-between.ts";
import { equal } from "./equal.ts";
import { copyOfTable, type HostState, type ServiceState, type TableState } from "./host-state.ts";
import type { ServerTrail, ServiceTrail, States, Trails } from "./trail.ts";

export interface Undo {
  steps: Step[];
  /** names of rows that somebody else has moved since, or that stand on such a row: they are left alone */
  moved: string[];
}

/**
 * What puts back everything that a batch moved, from wherever it was cut short. A row in one of the later states of its
 * trail goes back to the first; one in a state that the batch never gave it was moved by somebody else and stays. A
 * service that the batch made stays too as long as somebody else's server is in it.
 */
export function undo(now: HostState, trails: Trails): Undo {
  const wanted = copyOfTable(now.services);
  const moved: string[] = [];
  for (const trail of trails.services) putBack(now.services.get(trail.id), wanted, trail, moved);
  const settings = undoSettings(now, trails, moved);
  const steps: Step[] = [
    ...settings.filter(({ command }) => command === "stop-daemon"),
    ...commandsBetween(now.services, wanted),
    ...settings.filter(({ command }) => command !== "stop-daemon"),
  ];
  return { steps, moved };
}

/**
 * Was all of the batch done, but for rows that somebody else has moved since? A row that its batch brings back to where it
 * was found says nothing either way.
 */
export function isDone(now: HostState, trails: Trails): boolean {
  const open = <T>(states: States<T>, state: T | null) =>
    places(states, state) !== "moved" && !equal(states.at(-1) ?? null, state);
  return !(
    trails.services.some(({ id, states, servers }) => {
      const here = now.services.get(id);
      return (
        (states.length > 0 && open(states, here?.spec ?? null)) ||
        servers.some((server) => open(server.states, here?.servers.get(server.id) ?? null))
      );
    }) ||
    (now.timeouts && trails.timeouts.length > 0 && open(trails.timeouts, now.timeouts)) ||
    trails.daemons.some(
      ({ role, states }) =>
        daemonPlace(states, now.daemons?.get(role) ?? null) !== "moved" &&
        !sameDaemon(states.at(-1) ?? null, now.daemons?.get(role) ?? null),
    )
  );
}

type Place = "as-found" | "on-trail" | "moved";

function places<T>(states: States<T>, state: T | null): Place {
  if (states.length === 0 || equal(states[0] ?? null, state)) return "as-found";
  return states.some((each) => equal(each, state)) ? "on-trail" : "moved";
}

function putBack(here: ServiceState | undefined, wanted: TableState, trail: ServiceTrail, moved: string[]): void {
  const place = places(trail.states, here?.spec ?? null);
  const first = trail.states[0] ?? null;
  if (place === "moved") moved.push(trail.id);
  else if (place === "on-trail" && first === null) {
    const strangers = here ? strangersIn(here, trail.servers) : [];
    if (strangers.length === 0) {
      wanted.delete(trail.id);
      return;
    }
    moved.push(trail.id, ...strangers);
    for (const server of trail.servers)
      if (!strangers.includes(server.id)) wanted.get(trail.id)?.servers.delete(server.id);
    return;
  } else if (place === "on-trail" && first) {
    const servers = wanted.get(trail.id)?.servers ?? new Map();
    wanted.set(trail.id, { key: trail.key, spec: first, servers });
  }
  putServersBack(here, wanted.get(trail.id), trail.servers, moved);
}

/** Servers in a service that the batch made which it did not put there, or not like this. */
function strangersIn(here: ServiceState, servers: readonly ServerTrail[]): string[] {
  const trails = new Map(servers.map((server) => [server.id, server.states]));
  return Array.from(here.servers).flatMap(([id, spec]) =>
    places(trails.get(id) ?? [null], spec) === "moved" ? [id] : [],
  );
}

function putServersBack(
  here: ServiceState | undefined,
  wanted: ServiceState | undefined,
  servers: readonly ServerTrail[],
  moved: string[],
): void {
  for (const { id, states } of servers) {
    const first = states[0] ?? null;
    const place = places(states, here?.servers.get(id) ?? null);
    if (place === "as-found") continue;
    if (place === "moved" || !wanted) moved.push(id);
    else if (first) wanted.servers.set(id, first);
    else wanted.servers.delete(id);
  }
}

function undoSettings(now: HostState, trails: Trails, moved: string[]): Step[] {
  const steps: Step[] = [];
  const [timeouts] = trails.timeouts;
  if (timeouts && now.timeouts) {
    const place = places(trails.timeouts, now.timeouts);
    if (place === "on-trail") steps.push({ command: "set-timeouts", timeouts });
    else if (place === "moved") moved.push("timeouts");
  }
  for (const { role, states } of trails.daemons) {
    const running = now.daemons?.get(role) ?? null;
    const place = daemonPlace(states, running);
    if (place === "moved") moved.push(`daemon:${role}`);
    if (place !== "on-trail") continue;
    if (running) steps.push({ command: "stop-daemon", role });
    if (states[0]) steps.push({ command: "start-daemon", daemon: states[0] });
  }
  return steps;
}

function daemonPlace(states: States<SyncDaemonSpec>, running: SyncDaemonSpec | null): Place {
  if (sameDaemon(states[0] ?? null, running)) return "as-found";
  return states.some((each) => sameDaemon(each, running)) ? "on-trail" : "moved";
}

/** What was left to the kernel may have become anything, and it fits the length of messages to its interface. */
function sameDaemon(asked: SyncDaemonSpec | null, running: SyncDaemonSpec | null): boolean {
  if (!asked || !running) return asked === running;
  const names = ["role", "interface", "syncId", "group", "port", "ttl"] as const;
  return names.every((name) => asked[name] === undefined || asked[name] === running[name]);
}
