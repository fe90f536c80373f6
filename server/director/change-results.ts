import { type Change, isRowChange } from "#domain/change";
import { serverId } from "#domain/real-server";
import { serviceId } from "#domain/service";
import type { ServerRecord } from "#domain/table";
import type { ChangeResult } from "./director.ts";
import type { Reading } from "./read-host.ts";

/** What each change left behind, as it was read back. */
export function changeResults(changes: readonly Change[], { record }: Reading): ChangeResult[] {
  const servers = new Map<string, Map<string, ServerRecord>>();
  const serversOf = (service: string) => {
    const known = servers.get(service);
    if (known) return known;
    const found = new Map((record(service)?.servers ?? []).map((server) => [server.id, server]));
    servers.set(service, found);
    return found;
  };
  return changes.map((change): ChangeResult => {
    const service = isRowChange(change) || change.verb === "zero" ? change.service : null;
    if (!service) return { kind: "table", record: null };
    const of = serviceId(service);
    if (!("server" in change)) return { kind: "service", record: record(of) };
    return { kind: "server", record: serversOf(of).get(serverId(service, change.server)) ?? null };
  });
}
