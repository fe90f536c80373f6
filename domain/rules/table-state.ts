import { endpoint } from "../endpoint.ts";
import type { ObservedServerSpec, ServerKey } from "../real-server.ts";
import { type ObservedServiceSpec, type ServiceKey, serviceId } from "../service.ts";
import type { PlainTable } from "./plain-table.ts";

/** A row and the line that last said how it is; null when no line did. */
export interface ServerState {
  spec: ObservedServerSpec;
  line: number | null;
}
export interface ServiceState {
  key: ServiceKey;
  spec: ObservedServiceSpec;
  line: number | null;
  /** by serverKeyText() */
  servers: Map<string, ServerState>;
}
/** by serviceId() */
export type TableState = Map<string, ServiceState>;

export function serverKeyText({ address, port }: ServerKey): string {
  return endpoint(address, port);
}

/** The table as it is, ready to be changed; the one given stays as it is. */
export function stateOf(table: PlainTable): TableState {
  const state: TableState = new Map();
  for (const { key, spec, servers } of table) {
    const byKey = new Map<string, ServerState>();
    for (const server of servers) byKey.set(serverKeyText(server.spec), { spec: server.spec, line: null });
    state.set(serviceId(key), { key, spec, line: null, servers: byKey });
  }
  return state;
}

export function sameService(one: ObservedServiceSpec, other: ObservedServiceSpec): boolean {
  return (
    one.scheduler === other.scheduler &&
    one.onePacket === other.onePacket &&
    one.engine === other.engine &&
    one.persistence?.timeoutS === other.persistence?.timeoutS &&
    one.persistence?.netmask === other.persistence?.netmask &&
    one.schedulerFlags.length === other.schedulerFlags.length &&
    one.schedulerFlags.every((flag) => other.schedulerFlags.includes(flag))
  );
}

export function sameServer(one: ObservedServerSpec, other: ObservedServerSpec): boolean {
  return (
    one.forward === other.forward &&
    one.weight === other.weight &&
    one.upperThreshold === other.upperThreshold &&
    one.lowerThreshold === other.lowerThreshold &&
    one.tunnel?.type === other.tunnel?.type &&
    one.tunnel?.port === other.tunnel?.port &&
    one.tunnel?.checksum === other.tunnel?.checksum
  );
}
