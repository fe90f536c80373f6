import { familyOf, parseAddress } from "#domain/address";
import type { PersistentService } from "#domain/connections/persistent-service";
import type { ServiceKey } from "#domain/service";
import type { TableRow } from "#domain/table";

const wholeAddress = { 4: 32, 6: 128 } as const;
const protocols = ["tcp", "udp", "sctp"] as const;

/**
 * A table's services as a reader of its connections looks for them to tell what templates hold; none when none is persistent.
 * A mark of both families is one of them. Services of an address that are not persistent are among them, without any of a
 * client's bits: the kernel finds them before a persistent one of all ports (ip_vs_service_find), so that no template holds
 * their connections.
 */
export function persistentServices(rows: readonly TableRow[]): PersistentService[] {
  const marks = new Map<number, PersistentService>();
  const services: PersistentService[] = [];
  const others: PersistentService[] = [];
  for (const row of rows) {
    if (row.kind !== "service") continue;
    const { key } = row;
    const { persistence } = row.spec;
    const protocol = key.kind === "address" && protocols.find((name) => name === key.protocol);
    if (!persistence) {
      if (protocol) others.push({ ...ofAddress(protocol, key), prefix4: 0, prefix6: 0 });
      continue;
    }
    const family = key.kind === "fwmark" ? key.family : familyOf(key.address);
    const prefix = prefixOf(persistence.netmask);
    const prefixes = { prefix4: wholeAddress[4], prefix6: wholeAddress[6], [`prefix${family}`]: prefix };
    if (key.kind === "fwmark") {
      const none = { protocol: null, address: null, port: null, fwmark: key.mark };
      const known = marks.get(key.mark) ?? { ...none, ...prefixes };
      marks.set(key.mark, { ...known, [`prefix${family}`]: prefix });
    } else if (protocol) services.push({ ...ofAddress(protocol, key), ...prefixes });
  }
  return services.length + marks.size === 0 ? [] : [...services, ...marks.values(), ...others];
}

function ofAddress(protocol: (typeof protocols)[number], { address, port }: Extract<ServiceKey, { kind: "address" }>) {
  return { protocol, address, port, fwmark: null };
}

/** `255.255.255.0` or `64`. The leading bits of a mask with gaps, which ipvsadm makes and nobody means. */
export function prefixOf(netmask: string): number {
  const bytes = netmask.includes(".") ? parseAddress(netmask)?.bytes : undefined;
  if (!bytes) return Number(netmask);
  const bits = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return Math.clz32(~bits >>> 0);
}
