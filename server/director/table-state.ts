import { type ObservedServerSpec, serverId } from "#domain/real-server";
import { type ObservedServiceSpec, type ServiceKey, serviceId } from "#domain/service";
import type { ServiceRecord } from "#domain/table";
import type { Command } from "./ipvs.ts";

/** A service as commands see it: its settings and its servers by serverId, oldest first (the kernel lists the newest first). */
export interface ServiceState {
  key: ServiceKey;
  spec: ObservedServiceSpec;
  servers: Map<string, ObservedServerSpec>;
}

/** The services that a batch is about, by serviceId; one that is not there is not in the table. */
export type TableState = Map<string, ServiceState>;

export function stateOf(records: Iterable<ServiceRecord>): TableState {
  const state: TableState = new Map();
  for (const { id, key, spec, servers } of records) {
    state.set(id, { key, spec, servers: new Map(servers.toReversed().map((server) => [server.id, server.spec])) });
  }
  return state;
}

export function copyOf(state: TableState): TableState {
  return new Map([...state].map(([id, service]) => [id, { ...service, servers: new Map(service.servers) }]));
}

/** What `command` does to the table when the kernel takes it. `flush` and `zero` are not a batch's and leave it as it is. */
export function perform(state: TableState, command: Command): void {
  if (command.command === "flush" || command.command === "zero") return;
  const id = serviceId(command.service);
  const service = state.get(id);
  switch (command.command) {
    case "new-service":
      state.set(id, { key: command.service, spec: command.spec, servers: new Map() });
      return;
    case "set-service":
      if (service) service.spec = command.spec;
      return;
    case "delete-service":
      state.delete(id);
      return;
    case "new-server":
    case "set-server":
      service?.servers.set(serverId(command.service, command.server), command.server);
      return;
    case "delete-server":
      service?.servers.delete(serverId(command.service, command.server));
  }
}
