import type { LocalAddress } from "#domain/local-address";
import type { Errno } from "./errno.ts";
import type { ServiceState } from "./state.ts";

/** The local addresses of a service, and what they carry: connections to FULLNAT servers, shared out evenly. */
export function listLocalAddresses({ localAddresses, servers }: ServiceState): LocalAddress[] {
  const connections = servers
    .filter(({ row }) => row.spec.forward === "fullnat")
    .reduce((sum, { active, inactive }) => sum + active + inactive, 0);
  const each = Math.floor(connections / Math.max(1, localAddresses.length));
  const left = connections - each * localAddresses.length;
  return localAddresses.map((address, index) => ({
    address,
    portConflicts: "0",
    connections: each + (index < left ? 1 : 0),
  }));
}

export function addLocalAddress({ localAddresses }: ServiceState, address: string): Errno | null {
  if (localAddresses.includes(address)) return "EEXIST";
  localAddresses.push(address);
  return null;
}

export function removeLocalAddress({ localAddresses }: ServiceState, address: string): Errno | null {
  const at = localAddresses.indexOf(address);
  if (at < 0) return "ENOENT";
  localAddresses.splice(at, 1);
  return null;
}
