import type { ObservedServerSpec } from "../real-server.ts";
import type { ObservedServiceSpec, ServiceKey } from "../service.ts";

/** A virtual service and its real servers without what moves. A ServiceRecord is one too. */
export interface PlainService {
  key: ServiceKey;
  spec: ObservedServiceSpec;
  servers: readonly { spec: ObservedServerSpec }[];
}

/** A whole table, in the order in which the kernel told it. */
export type PlainTable = readonly PlainService[];
