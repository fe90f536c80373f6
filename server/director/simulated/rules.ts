import { familyOf } from "#domain/address";
import { fullNetmask, serviceFamily } from "#domain/service";
import type { ServerRow, ServiceRow } from "#domain/table";
import type { Errno } from "./errno.ts";
import { mayBeServer, type SimulatedHost } from "./host.ts";
import type { ServiceState } from "./state.ts";
import type { SimulatedTable } from "./table.ts";
import type { ArrivedCommand } from "./wire-form.ts";

/** Jiffies a second of the kernels that this one follows; a persistence timeout is kept in jiffies, in 32 bits. */
export const jiffiesPerS = 100;

/**
 * Does one command as ip_vs_genl_set_cmd() does, with the same checks in the same order and no other
 * (linux net/netfilter/ipvs/ip_vs_ctl.c, 6.1); the answer is its errno, or null when it was done.
 */
export function perform(
  table: SimulatedTable,
  host: SimulatedHost,
  syncRuns: boolean,
  arrived: ArrivedCommand,
): Errno | null {
  const { command, service, server } = arrived;
  if (!service) {
    if (command === "flush") table.flush();
    else table.zeroAll();
    return null;
  }
  const known = table.find(service.id);
  if (!known) {
    if (command !== "new-service") return "ESRCH";
    const refused = refusalOfService(host, service);
    if (!refused) table.addService(kept(service));
    return refused;
  }
  if (server) return performOnServer(table, host, syncRuns, known, arrived, server);
  if (command === "new-service") return "EEXIST";
  if (command === "zero") table.zero(known);
  if (command === "delete-service") table.removeService(known);
  if (command !== "set-service") return null;
  const refused = refusalOfService(host, service);
  if (!refused) table.setService(known, kept(service));
  return refused;
}

function performOnServer(
  table: SimulatedTable,
  host: SimulatedHost,
  syncRuns: boolean,
  service: ServiceState,
  { command, gueWithoutPort }: ArrivedCommand,
  server: ServerRow,
): Errno | null {
  const known = service.servers.find(({ row }) => row.id === server.id);
  if (command === "delete-server") {
    if (known) table.removeServer(known);
    return known ? null : "ENOENT";
  }
  const refused = refusalOfServer(service.row, server, syncRuns, gueWithoutPort);
  if (refused) return refused;
  if (command === "set-server") {
    if (known) table.setServer(known, server);
    return known ? null : "ENOENT";
  }
  if (known) return "EEXIST";
  // One out of the trash was taken before, and is not looked at again.
  if (!table.trash.has(server.id) && !mayBeServer(host, server.spec.address)) return "EINVAL";
  table.addServer(service, server);
  return null;
}

/** ip_vs_add_service() and ip_vs_edit_service() */
function refusalOfService(host: SimulatedHost, { key, spec }: ServiceRow): Errno | null {
  if (spec.scheduler !== "none" && !host.schedulers.includes(spec.scheduler)) return "ENOENT";
  if (spec.engine !== null && !host.engines.includes(spec.engine)) return "ENOENT";
  if (serviceFamily(key) === 4) return null;
  const prefix = Number(spec.persistence?.netmask ?? fullNetmask(6));
  return prefix < 1 || prefix > 128 ? "EINVAL" : null;
}

/** ip_vs_genl_set_cmd() for mixed families, then what ip_vs_add_dest() and ip_vs_edit_dest() share. */
function refusalOfServer(
  { key }: ServiceRow,
  { spec }: ServerRow,
  syncRuns: boolean,
  gueWithoutPort: boolean,
): Errno | null {
  if (familyOf(spec.address) !== serviceFamily(key) && (syncRuns || spec.forward !== "tunnel")) return "EINVAL";
  if (spec.weight < 0) return "ERANGE";
  if (spec.lowerThreshold > spec.upperThreshold) return "ERANGE";
  return gueWithoutPort ? "EINVAL" : null;
}

/** The row as it reads back: the timeout went through 32 bits of jiffies. */
function kept(row: ServiceRow): ServiceRow {
  const { persistence } = row.spec;
  if (!persistence) return row;
  const jiffies = Number(BigInt.asUintN(32, BigInt(persistence.timeoutS) * BigInt(jiffiesPerS)));
  const timeoutS = Math.floor(jiffies / jiffiesPerS);
  return { ...row, spec: { ...row.spec, persistence: { ...persistence, timeoutS } } };
}
