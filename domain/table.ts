import type { Counters, Gauges } from "./counters.ts";
import type { ObservedServerSpec } from "./real-server.ts";
import type { ObservedServiceSpec, ServiceKey } from "./service.ts";

/** A virtual service as one row of the table: who it is and how it is set, without what moves. */
export interface ServiceRow {
  kind: "service";
  /** serviceId(key) */
  id: string;
  key: ServiceKey;
  spec: ObservedServiceSpec;
}

/** A real server as one row of the table. */
export interface ServerRow {
  kind: "server";
  /** serverId(service, spec) */
  id: string;
  serviceId: string;
  spec: ObservedServerSpec;
}

export type TableRow = ServiceRow | ServerRow;

/** A real server with what the kernel counts for it. */
export interface ServerRecord extends ServerRow {
  counters: Counters;
  gauges: Gauges;
  /** the weight that restore-server gives back; null when it was not drained here */
  drainedWeight: number | null;
}

/** A virtual service with its counters and its real servers. Gauges are the sum of its servers'. */
export interface ServiceRecord extends ServiceRow {
  counters: Counters;
  gauges: Gauges;
  servers: ServerRecord[];
}
