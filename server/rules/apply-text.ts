import { asDirectorError, DirectorError } from "#domain/errors";
import type { ApplyOptions } from "#domain/revision";
import type { PlanMode } from "#domain/rules/plan";
import { formatTable } from "#domain/rules/table-text";
import type { PlannedLine, RulesNow } from "#domain/rules-exchange";
import type { ServiceRecord } from "#domain/table";
import type { Applied, Director } from "#server/director/director";
import { tagOfRecords } from "#server/director/table-tag";
import type { NameBook } from "../names.ts";
import { planText, type TextPlan } from "./plan-text.ts";

/** The table as rule text, with its tag. */
export function rulesOf(table: readonly ServiceRecord[]): RulesNow {
  return {
    text: formatTable(table),
    tag: tagOfRecords(table),
    services: table.length,
    servers: table.reduce((sum, service) => sum + service.servers.length, 0),
  };
}

/**
 * What `text` would do to the table as it is now.
 *
 * @param known the tag of the table that it is for, when applyPlanned() follows: as long as that is the table seen last, the
 *   plan is made without asking the kernel, and applying it tells whether it still is the table
 */
export async function planNow(
  director: Director,
  text: string,
  mode: PlanMode,
  book: NameBook,
  known?: string,
): Promise<TextPlan> {
  const { table, tag } = await director.plainTable(known);
  const plan = await planText(text, mode, table, tag, book);
  // What is not applied is not compared with the table either.
  return known === undefined || plan.batch.length > 0 ? plan : planNow(director, text, mode, book);
}

/** Throws INVALID when the text has problems, and what the kernel would say, with the line as `line` among its parameters, when it would refuse one. */
export function requireSound({ problems, refusals: [refusal] }: Pick<TextPlan, "problems" | "refusals">): void {
  const lines = new Set(problems.map(({ line }) => line)).size;
  if (lines > 0) throw new DirectorError("INVALID", { params: { lines } });
  if (refusal) throw new DirectorError(refusal.code, { params: { line: refusal.line } });
}

/**
 * Does a plan, all of it or nothing. The director compares the table's tag under its writer lock: CONFLICT when the table
 * is not the one that was planned for. Rejects as requireSound() does, also when the kernel refuses a line after all. A plan
 * of no change writes nothing.
 */
export async function applyPlanned(
  director: Director,
  plan: TextPlan,
  options: Omit<ApplyOptions, "ifTable" | "records">,
): Promise<Applied> {
  requireSound(plan);
  const { batch, shown } = plan;
  if (batch.length === 0) return { results: [], revision: null };
  const changes = batch.map(({ change }) => change);
  try {
    return await director.apply(changes, { ...options, ifTable: shown.tag, records: false });
  } catch (thrown) {
    throw withLine(asDirectorError(thrown), batch);
  }
}

function withLine(error: DirectorError, batch: readonly PlannedLine[]): DirectorError {
  const { changeIndex, params } = error.shape;
  const line = changeIndex === undefined ? null : (batch[changeIndex]?.line ?? null);
  if (line === null) return error;
  return new DirectorError(error.code, { ...error.shape, params: { ...params, line } }, error.cause);
}
