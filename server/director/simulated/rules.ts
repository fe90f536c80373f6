import { familyOf } from "#domain/address";
import { fullNetmask, serviceFamily } from "#domain/service";
import type { ServerRow, ServiceRow } from "#domain/table";
import type { Errno } from "./errno.ts";
import { mayBeServer, type SimulatedHost } from "./host.ts";
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
  if (command === "flush") return done(table.flush());
  if (service === null) return done(table.zeroAll());
  const known = table.find(service.id);
  if (command === "new-service") {
    if (known) return "EEXIST";
    return refusalOfService(host, service) ?? done(table.addService(kept(service)));
  }
  if (!known) return "ESRCH";
  switch (command) {
    case "set-service":
      return refusalOfService(host, service) ?? done(table.setService(known, kept(service)));
    case "delete-service":
      return done(table.removeService(known));
    case "zero":
      return done(table.zero(known));
    default:
  }
  if (!server) return "EINVAL";
  const old = known.servers.find(({ row }) => row.id === server.id);
  if (command === "delete-server") return old ? done(table.removeServer(old)) : "ENOENT";
  const refused = refusalOfServer(service, server, syncRuns, arrived.gueWithoutPort);
  if (refused) return refused;
  if (command === "set-server") return old ? done(table.setServer(old, server)) : "ENOENT";
  if (old) return "EEXIST";
  if (table.reviveServer(known, server)) return null;
  return mayBeServer(host, server.spec.address) ? done(table.addServer(known, server)) : "EINVAL";
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

