import type { Change } from "#domain/change";
import type { ObservedServerSpec, ServerDefinition } from "#domain/real-server";
import { valuesOfServer } from "./server-values.ts";

/**
 * The changes that make a real server what the form says: an addition, or an edit of what was seen. A weight edited
 * to 0 is a drain, so that the weight is remembered whichever way a server is drained; what else was edited comes first.
 */
export function serverChanges(definition: ServerDefinition, seen: ObservedServerSpec | null): Change[] {
  if (!seen) return [{ verb: "add-server", ...definition }];
  const { service, server } = definition;
  if (server.weight !== 0 || seen.weight <= 0) return [{ verb: "edit-server", service, server, expected: seen }];
  const key = { address: server.address, port: server.port };
  const undrained = { ...server, weight: seen.weight };
  if (JSON.stringify(valuesOfServer(undrained)) === JSON.stringify(valuesOfServer(seen))) {
    return [{ verb: "drain-server", service, server: key, expected: seen }];
  }
  return [
    { verb: "edit-server", service, server: undrained, expected: seen },
    { verb: "drain-server", service, server: key },
  ];
}
