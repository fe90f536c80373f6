import type { HostInterface } from "./host-interface.ts";
import type { SyncDaemon, SyncRole } from "./sync-daemon.ts";

/** What a person should know of synchronisation daemons, as a closed set; the words are in messages/*.json. */
export type SyncWarning =
  | { code: "ONE_SIDE"; role: SyncRole }
  /** a backup with id 0 takes what any master on its segment sends */
  | { code: "TAKES_ALL"; interface: string }
  /** anybody on the segment can send it connections: the protocol has no authentication (ip_vs_sync.c) */
  | { code: "UNAUTHENTICATED"; interface: string }
  | {
      code: "INTERFACE_GONE" | "INTERFACE_DOWN" | "NO_CARRIER" | "NO_MULTICAST" | "NO_ADDRESS";
      role: SyncRole;
      interface: string;
    }
  /** messages longer than the interface takes are cut into fragments, and one lost fragment loses all */
  | { code: "TOO_LONG"; role: SyncRole; maxLength: number; mtu: number }
  /** services with a real server of the other family: no daemon starts while there is one */
  | { code: "MIXED_FAMILIES"; count: number; service: string };

/** IPv4 and UDP headers, as the kernel reckons. */
const headerBytes = { 4: 28, 6: 48 } as const;

/** @param mixed services with a real server of the other family: how many, and the first one's id */
export function syncWarnings(
  daemons: readonly SyncDaemon[],
  interfaces: readonly HostInterface[],
  mixed: { count: number; service: string } | null,
): SyncWarning[] {
  const [only] = daemons;
  const warnings: SyncWarning[] = daemons.length === 1 && only ? [{ code: "ONE_SIDE", role: only.role }] : [];
  for (const { role, interface: name, syncId, maxLength, group } of daemons) {
    const found = interfaces.find((each) => each.name === name);
    const at = { role, interface: name };
    if (!found) warnings.push({ code: "INTERFACE_GONE", ...at });
    else if (!found.up) warnings.push({ code: "INTERFACE_DOWN", ...at });
    else if (!found.running) warnings.push({ code: "NO_CARRIER", ...at });
    else if (!found.multicast) warnings.push({ code: "NO_MULTICAST", ...at });
    else if (found.addresses.length === 0) warnings.push({ code: "NO_ADDRESS", ...at });
    if (found && role === "master" && maxLength > found.mtu - headerBytes[group.includes(":") ? 6 : 4]) {
      warnings.push({ code: "TOO_LONG", role, maxLength, mtu: found.mtu });
    }
    if (role !== "backup") continue;
    if (syncId === 0) warnings.push({ code: "TAKES_ALL", interface: name });
    warnings.push({ code: "UNAUTHENTICATED", interface: name });
  }
  if (mixed && mixed.count > 0) warnings.push({ code: "MIXED_FAMILIES", ...mixed });
  return warnings;
}
