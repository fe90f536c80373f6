import type { ApplyOptions } from "#domain/revision";
import type { PlanMode } from "#domain/rules/plan";
import { formatTable } from "#domain/rules/table-text";
import type { RulesNow } from "#domain/rules-exchange";
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

/** What `text` would do to the table as it is now. */
export async function planNow(director: Director, text: string, mode: PlanMode, book: NameBook): Promise<TextPlan> {
  const table = await director.table();
  return planText(text, mode, table, tagOfRecords(table), book);
}

/**
 * Does a plan, all of it or nothing. The director compares the table's tag under its writer lock: CONFLICT when the table
 * is not the one that was planned for. An empty plan writes nothing.
 */
export async function applyPlanned(
  director: Director,
  { batch, shown }: TextPlan,
  options: Omit<ApplyOptions, "ifTable" | "records">,
): Promise<Applied> {
  if (batch.length === 0) return { results: [], revision: null };
  const changes = batch.map(({ change }) => change);
  return director.apply(changes, { ...options, ifTable: shown.tag, records: false });
}
