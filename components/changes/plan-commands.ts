import type { Change } from "#domain/change";
import { serverId } from "#domain/real-server";
import { formatChange } from "#domain/rules/format";
import type { ChosenServer } from "./plan.ts";

/** The ipvsadm commands that do what a plan does, one a line. */
export function planCommands(changes: readonly Change[], servers: readonly ChosenServer[]): string {
  const now = new Map(servers.map(({ server }) => [server.id, server]));
  return changes
    .map((change) => {
      const server = "server" in change ? now.get(serverId(change.service, change.server)) : undefined;
      return formatChange(change, server?.spec, server?.drainedWeight ?? undefined);
    })
    .join("\n");
}
