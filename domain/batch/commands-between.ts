import type { Command } from "./command.ts";
import { equal } from "./equal.ts";
import type { ServiceState, TableState } from "./host-state.ts";

/**
 * The commands that turn `now` into `wanted`, for the services of both; none when they are equal.
 *
 * What is still there is set, not removed and added, so that it keeps its counters and connections. A service or server
 * that comes back is added with all its settings, servers in their old order; its counters start anew (the kernel gives
 * a server its old ones while it still has connections).
 */
export function commandsBetween(now: TableState, wanted: TableState): Command[] {
  const commands: Command[] = [];
  for (const [id, { key }] of now) {
    if (!wanted.has(id)) commands.push({ command: "delete-service", service: key });
  }
  for (const [id, service] of wanted) {
    const there = now.get(id);
    if (!there) commands.push({ command: "new-service", service: service.key, spec: service.spec });
    else if (!equal(there.spec, service.spec))
      commands.push({ command: "set-service", service: service.key, spec: service.spec });
    serversBetween(there?.servers ?? new Map(), service, commands);
  }
  return commands;
}

function serversBetween(now: ServiceState["servers"], { key, servers }: ServiceState, commands: Command[]): void {
  for (const [id, { address, port }] of now) {
    if (!servers.has(id)) commands.push({ command: "delete-server", service: key, server: { address, port } });
  }
  for (const [id, server] of servers) {
    const there = now.get(id);
    if (!there) commands.push({ command: "new-server", service: key, server });
    else if (!equal(there, server)) commands.push({ command: "set-server", service: key, server });
  }
}
