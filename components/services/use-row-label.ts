import { useCallback } from "react";
import type { TableRow } from "#domain/table";
import { useNames } from "../changes/use-names.ts";
import { rowName } from "./row-name.ts";

export type RowLabel = (row: TableRow) => string;

/**
 * What controls of a row call it: `10.0.0.1:80` as its cell does, but a firewall mark as dialogs do,
 * `Mark 7 (IPv4)`. A table may hold the same mark once for each family.
 */
export function useRowLabel(): RowLabel {
  const { serviceName } = useNames();
  return useCallback(
    (row) => (row.kind === "service" && row.key.kind === "fwmark" ? serviceName(row.key) : rowName(row)),
    [serviceName],
  );
}
