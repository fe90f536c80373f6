import type { Change } from "#domain/change";
import { asCodedError } from "#domain/errors";
import { serverId } from "#domain/real-server";
import { serviceId } from "#domain/service";
import type { Applied, ChangeResult } from "#server/director/director";
import type { Doer } from "./actor.ts";
import type { Audit } from "./audit.ts";

/** Of a batch with more, the audit keeps the first rows and how many there were: revisions hold the whole. */
const mostRows = 100;

/**
 * Does what changes the table and writes it down: which rows, what they were, what they have become; a refusal with
 * its code and what was asked; of what there was nothing to do about, nothing. Answers and rejects as `work` does.
 *
 * @param seen what one change of no row finds: the timeouts before, in the form of what was asked for
 */
export async function auditedChange(
  audit: Audit,
  doer: Doer,
  changes: readonly Change[],
  work: () => Promise<Applied>,
  seen?: object,
): Promise<Applied> {
  const line = { doer, action: "table-change", target: targetOf(changes) } as const;
  const told = changes.slice(0, mostRows);
  // Before and after have the same form, so that what is different between them can be told field by field.
  const formOf = (rows: readonly object[], more: object = {}) => (changes.length > 1 ? { ...more, rows } : rows);
  const before = formOf(told.map((change) => ({ row: rowOf(change), ...(seen ?? { spec: seenOf(change) }) })));
  try {
    const applied = await work();
    const { results, revision } = applied;
    if (changes.length === 0) return applied;
    const rows = told.map((change, at) => {
      const became = results.length > 0 ? { spec: specOf(results[at]) } : askedOf(change);
      // What a clear took away is in its revision alone.
      const kept = change.verb === "clear" && changes.length === 1 ? { revision } : {};
      return { row: rowOf(change), verb: change.verb, ...became, ...kept };
    });
    await audit.write({ ...line, before, after: formOf(rows, { revision }) });
    return applied;
  } catch (error) {
    const rows = told.map((change) => ({ row: rowOf(change), verb: change.verb, ...askedOf(change) }));
    await audit.write({ ...line, outcome: asCodedError(error).code, before, after: formOf(rows) });
    throw error;
  }
}

/** The row that was changed; of many, how many. */
function targetOf(changes: readonly Change[]): string {
  const [first] = changes;
  return !first || changes.length > 1 ? `${changes.length} changes` : rowOf(first);
}

/** The id of the service or real server; of what is about neither, what else it is. */
function rowOf(change: Change): string {
  switch (change.verb) {
    case "zero":
      return change.service ? serviceId(change.service) : "counters";
    case "clear":
      return "table";
    case "set-timeouts":
      return "timeouts";
    case "start-daemon":
      return `sync daemon ${change.daemon.role}`;
    case "stop-daemon":
      return `sync daemon ${change.role}`;
    default:
      return "server" in change ? serverId(change.service, change.server) : serviceId(change.service);
  }
}

const seenOf = (change: Change) => ("expected" in change ? (change.expected ?? null) : null);

/** What the row has become, null when it is gone. Counters move by themselves and are no part of a change. */
const specOf = (result: ChangeResult | undefined) => result?.record?.spec ?? null;

/** What was asked for: the row's record, null when it was to go, or whatever else the change says. */
function askedOf(change: Change): object {
  switch (change.verb) {
    case "add-service":
    case "edit-service":
      return { spec: change.spec };
    case "add-server":
    case "edit-server":
      return { spec: change.server };
    case "remove-service":
    case "remove-server":
      return { spec: null };
    case "set-weight":
      return { weight: change.weight };
    case "set-timeouts":
      return { timeouts: change.timeouts };
    case "start-daemon":
      return { daemon: change.daemon };
    case "stop-daemon":
      return { role: change.role };
    case "drain-server":
    case "restore-server":
    case "zero":
    case "clear":
      return {};
  }
}
