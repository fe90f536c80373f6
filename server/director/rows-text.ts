import { formatTable } from "#domain/rules/table-text";
import type { TableRow } from "#domain/table";
import { grouped } from "./rows-before.ts";

/** The rows of a snapshot as rule text, in ipvsadm's order. */
export function rowsText(rows: readonly TableRow[]): string {
  return formatTable(
    Array.from(grouped(rows), ({ service, servers }) => ({ key: service.key, spec: service.spec, servers })),
  );
}
