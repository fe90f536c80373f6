import { familyOf } from "#domain/address";
import { serviceFamily } from "#domain/service";
import type { Mirror } from "./mirror.ts";

/** The services with a real server of the other address family, and the first of them by name; null when there is none. */
export function mixedFamilies(mirror: Mirror): { count: number; service: string } | null {
  const mixed = mirror.servicesByName().filter(({ row, serverSlots }) => {
    const family = serviceFamily(row.key);
    return serverSlots.some((slot) => {
      const server = mirror.rows.get(slot)?.row;
      return server?.kind === "server" && familyOf(server.spec.address) !== family;
    });
  });
  const [first] = mixed;
  return first ? { count: mixed.length, service: first.row.id } : null;
}
