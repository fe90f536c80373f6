import type { ObservedServerSpec } from "../real-server.ts";
import { formatServerKey, formatServerOptions, formatServiceKey, formatServiceOptions } from "./format.ts";
import { inSavedOrder, serversInSavedOrder } from "./order.ts";
import type { PlainTable } from "./plain-table.ts";
import { sameServer } from "./table-state.ts";

/**
 * The table as rule text: what `ipvsadm -S -n` writes for it, byte for byte, when `table` is in the order in which the
 * kernel tells it. Different where ipvsadm's own text would not restore the table: thresholds are written, marks of 2^31
 * and up are not negative, and flags that their scheduler has no name for leave no empty -b. A protocol or forwarding
 * method that ipvsadm has no option for cannot be restored from any text; its line is there, and is refused when read.
 */
export function formatTable(table: PlainTable): string {
  const lines: string[] = [];
  let before: ObservedServerSpec | null = null;
  let options = "";
  for (const { key, spec, servers } of inSavedOrder(table)) {
    const name = formatServiceKey(key);
    lines.push(`-A ${name} ${formatServiceOptions(key, spec)}\n`);
    for (const { spec: server } of serversInSavedOrder(servers)) {
      // Servers beside one another mostly have the same settings.
      if (!before || !sameServer(before, server)) options = formatServerOptions(server);
      before = server;
      lines.push(`-a ${name} ${formatServerKey(server)} ${options}\n`);
    }
  }
  return lines.join("");
}
