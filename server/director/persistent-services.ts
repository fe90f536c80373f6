import { familyOf, parseAddress } from "#domain/address";
import type { PersistentService } from "#domain/connections/persistent-service";
import type { TableRow } from "#domain/table";

const wholeAddress = { 4: 32, 6: 128 } as const;
const protocols = ["tcp", "udp", "sctp"] as const;

/** The persistent ones among a table's services, as a reader of its connections looks for them. A mark of both families is one of them. */
export function persistentServices(rows: readonly TableRow[]): PersistentService[] {
  const marks = new Map<number, PersistentService>();
  const services: PersistentService[] = [];
  for (const row of rows) {
    if (row.kind !== "service" || !row.spec.persistence) continue;
    const { key } = row;
    const family = key.kind === "fwmark" ? key.family : familyOf(key.address);
    const prefix = prefixOf(row.spec.persistence.netmask);
    const prefixes = { prefix4: wholeAddress[4], prefix6: wholeAddress[6], [`prefix${family}`]: prefix };
    if (key.kind === "fwmark") {
      const none = { protocol: null, address: null, port: null, fwmark: key.mark };
      const known = marks.get(key.mark) ?? { ...none, ...prefixes };
      marks.set(key.mark, { ...known, [`prefix${family}`]: prefix });
      continue;
    }
    const protocol = protocols.find((name) => name === key.protocol);
    if (protocol) services.push({ protocol, address: key.address, port: key.port, fwmark: null, ...prefixes });
  }
  return [...services, ...marks.values()];
}

/** `255.255.255.0` or `64`. The leading bits of a mask with gaps, which ipvsadm makes and nobody means. */
function prefixOf(netmask: string): number {
  const bytes = netmask.includes(".") ? parseAddress(netmask)?.bytes : undefined;
  if (!bytes) return Number(netmask);
  const bits = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return Math.clz32(~bits >>> 0);
}
