import { counterNames, countersOf, gaugeNames, gaugesOf } from "#domain/counters";
import type { ObservedServerSpec } from "#domain/real-server";
import type { ObservedServiceSpec, ServiceKey } from "#domain/service";
import { SimulatedIpvs } from "../simulated.ts";
import type { TrafficProfile } from "./profile.ts";
import type { SeedServer, SeedService, SeedTable } from "./seed-table.ts";

/** For tests: the key of the service that most of them are about, and its id. */
export const webKey: ServiceKey = { kind: "address", protocol: "tcp", address: "192.0.2.1", port: 80 };
export const webId = "tcp:192.0.2.1:80";

/** For tests: a service with these servers, named by their addresses. */
export function webService(
  spec: Partial<ObservedServiceSpec>,
  servers: readonly SeedServer[],
  profile: Partial<TrafficProfile> = {},
): SeedService {
  const whole = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null, ...spec };
  return { key: webKey, spec: whole, servers, profile: { connectionsPerSecond: 20, establishedS: 5, ...profile } };
}

/** For tests: server number `index` of webService(), 10.0.0.<index>:80. */
export function webServer(index: number, weight: number, more: Partial<ObservedServerSpec> = {}): SeedServer {
  const usual = { port: 80, forward: "nat", upperThreshold: 0, lowerThreshold: 0, tunnel: null } as const;
  return { spec: { ...usual, address: `10.0.0.${index}`, weight, ...more } };
}

export const webServerId = (index: number): string => `${webId}>10.0.0.${index}:80`;

/** What a row counts, as numbers. */
export type Reading = Record<(typeof counterNames)[number] | (typeof gaugeNames)[number], number>;

/** For tests: a simulated kernel with a clock that stands until it is told to go on. */
export class Simulation {
  readonly ipvs: SimulatedIpvs;
  #nowMs = 0;

  constructor(table: SeedTable, seed = 1) {
    this.ipvs = new SimulatedIpvs({ seed, now: () => this.#nowMs, table });
  }

  pass(seconds: number): void {
    this.#nowMs += seconds * 1000;
  }

  /** Every row by its id. */
  async read(): Promise<Map<string, Reading>> {
    const { rows, counters, gauges } = await this.ipvs.snapshot();
    return new Map(
      rows.map((row, index) => {
        const texts = countersOf(counters, index);
        const counted = Object.fromEntries(counterNames.map((name) => [name, Number(texts[name])]));
        return [row.id, { ...counted, ...gaugesOf(gauges, index) } as Reading];
      }),
    );
  }

  /** The row of that id, all 0 when there is none. */
  async row(id: string): Promise<Reading> {
    return (
      (await this.read()).get(id) ??
      (Object.fromEntries([...counterNames, ...gaugeNames].map((n) => [n, 0])) as Reading)
    );
  }

  /** How many connections each server of webService() got in the next `seconds`, by its number. */
  async newConnections(seconds: number, ...servers: number[]): Promise<number[]> {
    const before = await this.read();
    this.pass(seconds);
    const after = await this.read();
    return servers.map((index) => {
      const id = webServerId(index);
      return (after.get(id)?.connections ?? 0) - (before.get(id)?.connections ?? 0);
    });
  }
}
