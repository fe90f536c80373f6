import type { Gauges } from "./counters.ts";
import type { ObservedServerSpec } from "./real-server.ts";

/**
 * One word for how a row stands, from what the kernel shows. `draining`: weight 0 with connections left;
 * `off`: weight 0 and none; `full`: at its upper threshold, so that it gets no new connections.
 */
export const serverStates = ["up", "draining", "off", "full"] as const;
export type ServerState = (typeof serverStates)[number];

/** `degraded`: some of its servers take new connections, `down`: none does, `empty`: it has none. */
export const serviceStates = ["up", "degraded", "down", "empty"] as const;
export type ServiceState = (typeof serviceStates)[number];

type Decided = Pick<ObservedServerSpec, "weight" | "upperThreshold">;
type Counted = Pick<Gauges, "active" | "inactive">;

/** A negative weight is one that only a foreign tool can show; schedulers pass it over like 0. */
export function serverState({ weight, upperThreshold }: Decided, { active, inactive }: Counted): ServerState {
  if (weight <= 0) return active + inactive > 0 ? "draining" : "off";
  return upperThreshold > 0 && active + inactive >= upperThreshold ? "full" : "up";
}

/** @param usable how many of the service's `servers` take new connections */
export function serviceState(servers: number, usable: number): ServiceState {
  if (servers === 0) return "empty";
  if (usable === 0) return "down";
  return usable < servers ? "degraded" : "up";
}
