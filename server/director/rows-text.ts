import { inSavedOrder } from "#domain/rules/order";
import { formatTable } from "#domain/rules/table-text";
import type { ServerRow, ServiceRow, TableRow } from "#domain/table";
import { grouped } from "./rows-before.ts";

/** Snapshots keep the objects of rows that did not change, so that after an edit all but one service is text already. */
const blocks = new WeakMap<ServiceRow, { servers: readonly ServerRow[]; text: string }>();

/** The rows of a snapshot as rule text, in ipvsadm's order: what formatTable() writes for them. */
export function rowsText(rows: readonly TableRow[]): string {
  const services = Array.from(grouped(rows), (group) => ({ key: group.service.key, group }));
  return inSavedOrder(services)
    .map(({ group }) => blockOf(group))
    .join("");
}

function blockOf({ service, servers }: { service: ServiceRow; servers: readonly ServerRow[] }): string {
  const known = blocks.get(service);
  const isSame =
    known?.servers.length === servers.length && servers.every((server, at) => server === known.servers[at]);
  if (known && isSame) return known.text;
  const text = formatTable([{ key: service.key, spec: service.spec, servers }]);
  blocks.set(service, { servers, text });
  return text;
}
