import type { Check } from "./check.ts";
import { conntrackTable } from "./checks/conntrack-table.ts";
import { forwarding } from "./checks/forwarding.ts";
import { syncId } from "./checks/sync-id.ts";
import { vipLocal } from "./checks/vip-local.ts";

/** Every check, in the order in which findings of one verdict are listed. */
export const checks: readonly Check[] = [forwarding, vipLocal, conntrackTable, syncId];
