import { type Kysely, sql } from "kysely";
import type { MemoryLimits } from "../director/memory.ts";
import type { DirectorTables } from "./director-tables.ts";

/**
 * Forgets revisions beyond the limits, those from outside first and then the oldest, but none of the newest, and the texts
 * that no revision speaks of.
 */
export async function forgetOldest(
  database: Kysely<DirectorTables>,
  kind: string,
  limits: MemoryLimits,
): Promise<void> {
  const { count } = await database
    .selectFrom("revision")
    .select((of) => of.fn.countAll<number>().as("count"))
    .where("kind", "=", kind)
    .executeTakeFirstOrThrow();
  if (count > limits.revisions) await forget(database, kind, count - limits.revisions, limits.newest);
  for (;;) {
    await sql`DELETE FROM rule_text WHERE tag NOT IN (SELECT before FROM revision WHERE before IS NOT NULL)
      AND tag NOT IN (SELECT after FROM revision WHERE after IS NOT NULL)`.execute(database);
    const { rows } = await sql<{
      bytes: number;
    }>`SELECT coalesce(sum(length(gzip)), 0) AS bytes FROM rule_text`.execute(database);
    if ((rows[0]?.bytes ?? 0) <= limits.textBytes || (await forget(database, kind, 10, 1)) === 0) return;
  }
}

async function forget(database: Kysely<DirectorTables>, kind: string, many: number, newest: number): Promise<number> {
  const { numAffectedRows } = await sql`DELETE FROM revision WHERE id IN (
    SELECT id FROM revision
    WHERE kind = ${kind} AND outcome <> 'waiting'
      AND id NOT IN (SELECT id FROM revision WHERE kind = ${kind} ORDER BY id DESC LIMIT ${newest})
    ORDER BY source <> 'outside', id LIMIT ${many})`.execute(database);
  return Number(numAffectedRows ?? 0);
}
