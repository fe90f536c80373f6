import { setImmediate as turn } from "node:timers/promises";
import type { ConnectionGroups } from "#domain/connection";
import type { ConnectionGrouping } from "#domain/connection-query";
import { GroupCounts, groupName } from "#domain/connections/group";
import { viewOf } from "#domain/connections/packed-row";
import type { HeldGroups, OpenRead } from "./connection-source.ts";

/** Held rows that are grouped in one go: a few milliseconds of the main thread. */
const rowsAtOnce = 2000;

/** The rows that a read holds, counted by another grouping than it was read with. Not while the read is under way. */
export async function countHeld(read: OpenRead, by: ConnectionGrouping, maxGroups: number): Promise<GroupCounts> {
  const counts = new GroupCounts(by, maxGroups);
  for (let offset = 0; offset < read.progress().held; offset += rowsAtOnce) {
    const page = await read.rows({ sort: null, descending: false, offset, limit: rowsAtOnce });
    for (let index = 0; index < page.holds.length; index++) counts.add(viewOf(page.packed, index));
    await turn();
  }
  return counts;
}

/** Groups by their names. */
export function decodeGroups(by: ConnectionGrouping, held: HeldGroups): ConnectionGroups {
  const { packed, counts, states, total, others } = held;
  const groups = Array.from(counts, (connections, index) => ({
    name: groupName(viewOf(packed, index), by, states),
    connections,
  }));
  return { by, groups, total, others };
}
