import { setImmediate as turn } from "node:timers/promises";
import type { ConnectionGroups } from "#domain/connection";
import type { ConnectionGrouping } from "#domain/connection-query";
import { GroupCounts, groupName } from "#domain/connections/group";
import { viewOf } from "#domain/connections/packed-row";
import type { HeldGroups, OpenRead } from "./connection-source.ts";

/** Held rows that are grouped in one go: a few milliseconds of the main thread. */
const rowsAtOnce = 2000;

/** The rows that a read holds, counted by another grouping than it was read with. */
export class Regrouping {
  readonly by: ConnectionGrouping;
  /** of the read when this was made */
  readonly rowsRead: number;
  readonly #counts: GroupCounts;
  readonly #states: readonly string[];

  private constructor(by: ConnectionGrouping, rowsRead: number, counts: GroupCounts, states: readonly string[]) {
    this.by = by;
    this.rowsRead = rowsRead;
    this.#counts = counts;
    this.#states = states;
  }

  /** Not while the read is under way. */
  static async of(open: OpenRead, by: ConnectionGrouping, maxGroups: number): Promise<Regrouping> {
    const { rowsRead, held } = open.progress();
    const counts = new GroupCounts(by, maxGroups);
    let states: readonly string[] = [];
    for (let offset = 0; offset < held; offset += rowsAtOnce) {
      const page = await open.rows({ sort: null, descending: false, offset, limit: rowsAtOnce });
      for (let index = 0; index < page.holds.length; index++) counts.add(viewOf(page.packed, index));
      states = page.states;
      await turn();
    }
    return new Regrouping(by, rowsRead, counts, states);
  }

  groups(range: { offset: number; limit: number }): HeldGroups {
    const { total, others } = this.#counts;
    return { ...this.#counts.largest(this.#states, range), states: this.#states, total, others };
  }
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
