import type { Change } from "#domain/change";
import { asCodedError } from "#domain/errors";
import { serverId } from "#domain/real-server";
import { serviceId } from "#domain/service";
import type { ChangeResult } from "#server/director/director";
import type { Doer } from "./actor.ts";
import type { Audit } from "./audit.ts";

/**
 * Does what changes the table and writes it down: which rows, what they were, what they have become; a refusal with
 * its code and what was asked. Answers and rejects as `work` does.
 */
export async function auditedChange<T extends readonly ChangeResult[]>(
  audit: Audit,
  doer: Doer,
  changes: readonly Change[],
  work: () => Promise<T>,
): Promise<T> {
  const line = { doer, action: "table-change", target: targetOf(changes) } as const;
  const before = changes.map((change) => ({ row: rowOf(change), spec: seenOf(change) }));
  try {
    const results = await work();
    const after = changes.map((change, at) => ({ row: rowOf(change), verb: change.verb, spec: specOf(results[at]) }));
    await audit.write({ ...line, before, after });
    return results;
  } catch (error) {
    const after = changes.map((change) => ({ row: rowOf(change), ...askedOf(change) }));
    await audit.write({ ...line, outcome: asCodedError(error).code, before, after });
    throw error;
  }
}

/** The row that was changed; of many, how many. */
function targetOf(changes: readonly Change[]): string {
  const [first] = changes;
  return !first || changes.length > 1 ? `${changes.length} changes` : rowOf(first);
}

/** The id of the service or real server; "" for what is about neither. */
function rowOf(change: Change): string {
  if (!("service" in change) || !change.service) return "";
  return "server" in change ? serverId(change.service, change.server) : serviceId(change.service);
}

const seenOf = (change: Change) => ("expected" in change ? (change.expected ?? null) : null);

/** What the row has become, null when it is gone. Counters move by themselves and are no part of a change. */
const specOf = (result: ChangeResult | undefined) => result?.record?.spec ?? null;

const askedOf = ({ expected: _seen, ...change }: Change & { expected?: unknown }) => change;
