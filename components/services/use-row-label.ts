import { useCallback } from "react";
import type { TableRow } from "#domain/table";
import { useNames } from "../changes/use-names.ts";
import { rowName } from "./row-name.ts";

export type RowLabel = (row: TableRow) => string;

/**
 * What controls of a row call it. A service as dialogs do, `TCP 10.0.0.1:80` or `Mark 7 (IPv4)`: a table may hold one
 * address and port for each protocol, and one mark for each family. In a list of the page's buttons nothing else tells
 * them apart. A real server as its cell does.
 */
export function useRowLabel(): RowLabel {
  const { serviceName } = useNames();
  return useCallback((row) => (row.kind === "service" ? serviceName(row.key) : rowName(row)), [serviceName]);
}
