import type { ServiceRecord } from "#domain/table";
import { type Check, type Outcome, orElse } from "../check.ts";
import { editServerCommand } from "../ipvsadm-commands.ts";
import { isUsable } from "../pairs.ts";
import { mostCommands, serviceName, servicePage, several } from "../words.ts";

/** The schedulers pass over servers of weight 0 and those at their upper threshold; the client is refused (ip_vs_leave(), linux ip_vs_core.c). */
export const usableServers: Check<"usable-servers"> = {
  id: "usable-servers",
  reads: ["table"],
  link: "/services",
  run({ services }) {
    const dead = services().filter(({ servers }) => servers.length > 0 && !servers.some(isUsable));
    const empty = services().filter(({ servers }) => servers.length === 0);
    const found: Outcome<"usable-servers">[] = [];
    const [deadOne] = dead;
    const [emptyOne] = empty;
    if (deadOne) {
      const commands = dead.slice(0, mostCommands).flatMap(wakeCommand);
      found.push({
        verdict: "error",
        code: "NO_SERVER_USABLE",
        params: named(dead),
        commands,
        link: servicePage(deadOne),
      });
    }
    if (emptyOne)
      found.push({ verdict: "warning", code: "NO_SERVERS", params: named(empty), link: servicePage(emptyOne) });
    return orElse(found, { code: "ALL_USABLE", params: { count: services().length } });
  },
};

const named = (services: readonly ServiceRecord[]) => several(services.map(({ key }) => serviceName(key)));

/** The weight of its first quiesced server, back to what it was before it was drained here. */
function wakeCommand(service: ServiceRecord): string[] {
  const server = service.servers.find(({ spec }) => spec.weight === 0);
  return server ? [editServerCommand({ service, server }, { weight: server.drainedWeight ?? 1 })] : [];
}
