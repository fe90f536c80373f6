import type { ServiceRow } from "#domain/table";
import { schedule } from "./schedulers.ts";
import type { ClientTemplates, ServerState, ServiceState } from "./state.ts";

/** Places for templates of `clients` different clients under the service's netmask. */
export function newTemplates(row: ServiceRow, clients: number): ClientTemplates | null {
  const { persistence } = row.spec;
  if (!persistence) return null;
  const mask = hostMask(persistence.netmask);
  const groups = new Map<number, number>();
  const groupOf = Uint16Array.from({ length: clients }, (_, client) => {
    const masked = (client * 163) & 0xffff & mask;
    return groups.get(masked) ?? groups.set(masked, groups.size).size - 1;
  });
  return { server: new Array(groups.size).fill(null), expiresAtMs: new Float64Array(groups.size), groupOf };
}

/**
 * What the netmask leaves of a client's number: IPv4 clients live in 65,536 neighbouring addresses, IPv6 clients in
 * as many neighbouring /64 networks.
 */
function hostMask(netmask: string): number {
  const bytes = netmask.split(".").map(Number);
  if (bytes.length === 4) return ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  return (0xffff << Math.min(16, Math.max(0, 64 - Number(netmask)))) & 0xffff;
}

/**
 * The server that a persistent service's client comes to (ip_vs_sched_persist): the one of its template, also when that
 * one is quiesced or overloaded by now, else the scheduler's choice, which becomes the template.
 */
export function scheduleClient(service: ServiceState, clients: ClientTemplates, client: number, atMs: number) {
  const group = clients.groupOf[client % clients.groupOf.length] ?? 0;
  let server = clients.server[group] ?? null;
  if (!server?.available) {
    if (server) server.persistent--;
    server = schedule(service, group);
    clients.server[group] = server;
    if (!server) return null;
    server.persistent++;
  }
  clients.expiresAtMs[group] = atMs + (service.row.spec.persistence?.timeoutS ?? 0) * 1000;
  return server;
}

/** Templates whose time is over go, and with them the server's count. Visits every one. */
export function expireTemplates(clients: ClientTemplates, atMs: number, gone: (server: ServerState) => void): void {
  for (let group = 0; group < clients.server.length; group++) {
    const server = clients.server[group];
    if (!server || (clients.expiresAtMs[group] ?? 0) > atMs) continue;
    clients.server[group] = null;
    server.persistent--;
    gone(server);
  }
}

/** The service is no longer persistent, or by another netmask: its templates have no one to find them. */
export function dropTemplates(clients: ClientTemplates | null): void {
  for (const server of clients?.server ?? []) if (server) server.persistent--;
}
