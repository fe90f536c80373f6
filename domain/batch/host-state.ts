import { type ObservedServerSpec, serverIdIn } from "../real-server.ts";
import { type ObservedServiceSpec, type ServiceKey, serviceId } from "../service.ts";
import type { SyncDaemonSpec, SyncRole } from "../sync-daemon.ts";
import type { Timeouts } from "../timeouts.ts";
import type { Step } from "./command.ts";

/** A service as commands see it: its settings and its servers by serverId, oldest first (the kernel lists the newest first). */
export interface ServiceState {
  key: ServiceKey;
  spec: ObservedServiceSpec;
  servers: Map<string, ObservedServerSpec>;
}

/** The services that a batch is about, by serviceId; one that is not there is not in the table. */
export type TableState = Map<string, ServiceState>;

/** What a batch can move on a host. Timeouts and daemons are null when the batch is not about them and nobody looked. */
export interface HostState {
  services: TableState;
  timeouts: Timeouts | null;
  daemons: Map<SyncRole, SyncDaemonSpec> | null;
}

/** A service with its servers, newest first, as the kernel tells them. */
export interface ListedService {
  id: string;
  key: ServiceKey;
  spec: ObservedServiceSpec;
  servers: readonly { id: string; spec: ObservedServerSpec }[];
}

export function tableStateOf(records: Iterable<ListedService>): TableState {
  const state: TableState = new Map();
  for (const { id, key, spec, servers } of records) {
    state.set(id, { key, spec, servers: new Map(servers.toReversed().map((server) => [server.id, server.spec])) });
  }
  return state;
}

export function copyOfTable(state: TableState): TableState {
  return new Map([...state].map(([id, service]) => [id, { ...service, servers: new Map(service.servers) }]));
}

export function copyOfHost({ services, timeouts, daemons }: HostState): HostState {
  return { services: copyOfTable(services), timeouts, daemons: daemons && new Map(daemons) };
}

/** The names of the rows that a step is about; "" where it is about none. */
export interface StepRows {
  service: string;
  server: string;
}

export function rowsOfStep(step: Step): StepRows {
  if (!("service" in step) || step.service === null) return { service: "", server: "" };
  const service = serviceId(step.service);
  return { service, server: "server" in step ? serverIdIn(service, step.server) : "" };
}

/** What `step` does when the kernel takes it. `zero` moves nothing that is part of a state. */
export function perform(host: HostState, step: Step, rows: StepRows = rowsOfStep(step)): void {
  const { services } = host;
  const service = services.get(rows.service);
  switch (step.command) {
    case "new-service":
      services.set(rows.service, { key: step.service, spec: step.spec, servers: new Map() });
      return;
    case "set-service":
      if (service) service.spec = step.spec;
      return;
    case "delete-service":
      services.delete(rows.service);
      return;
    case "new-server":
    case "set-server":
      service?.servers.set(rows.server, step.server);
      return;
    case "delete-server":
      service?.servers.delete(rows.server);
      return;
    case "flush":
      services.clear();
      return;
    case "set-timeouts":
      host.timeouts = keeping(host.timeouts, step.timeouts);
      return;
    case "start-daemon":
      host.daemons?.set(step.daemon.role, step.daemon);
      return;
    case "stop-daemon":
      host.daemons?.delete(step.role);
  }
}

/** 0 keeps what is set. */
function keeping(now: Timeouts | null, { tcpS, tcpFinS, udpS }: Timeouts): Timeouts | null {
  return now && { tcpS: tcpS || now.tcpS, tcpFinS: tcpFinS || now.tcpFinS, udpS: udpS || now.udpS };
}
