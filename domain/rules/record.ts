import type { ServiceRecord } from "../table.ts";
import { formatServerKey, formatServerOptions, formatServiceKey, formatServiceOptions } from "./format.ts";

/** A service and its real servers as `ipvsadm -S -n` writes them, a line each, for `ipvsadm -R`. */
export function formatRecord({ key, spec, servers }: Pick<ServiceRecord, "key" | "spec" | "servers">): string {
  const name = formatServiceKey(key);
  const lines = servers.map(
    (server) => `-a ${name} ${formatServerKey(server.spec)} ${formatServerOptions(server.spec)}`,
  );
  return [`-A ${name} ${formatServiceOptions(key, spec)}`, ...lines].join("\n");
}
