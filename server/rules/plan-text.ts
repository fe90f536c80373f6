import { type Change, type Verb, verbsForAdmin } from "#domain/change";
import type { PlainTable } from "#domain/rules/plain-table";
import { type PlanMode, type PlannedChange, planRules, type RulePlan, type RuleRefusal } from "#domain/rules/plan";
import type { RuleProblem } from "#domain/rules/problem";
import type { ReadyStatement } from "#domain/rules/statement";
import { applyPlan } from "#domain/rules/table-model";
import { formatTable } from "#domain/rules/table-text";
import { mostTold, type PlannedLine, type RulesPlan } from "#domain/rules-exchange";
import type { NameBook } from "../names.ts";
import { type ReadText, readRuleText } from "./read-text.ts";

/** A plan as people see it, and the batch that does it. */
export interface TextPlan {
  shown: Omit<RulesPlan, "before" | "after">;
  /** both tables as text, made when they are asked for: who only wants it done need not wait for them */
  tables: () => Pick<RulesPlan, "before" | "after">;
  /** to be applied to the table with `shown.tag`, all or nothing; empty while there are problems or refusals */
  batch: PlannedLine[];
  /** the text asks for nothing: it is blank lines and comments at most */
  isSilent: boolean;
  /** all of them, of which `shown` tells the first */
  problems: RuleProblem[];
  warnings: RuleProblem[];
  refusals: RuleRefusal[];
}

/**
 * What a text would do to a table.
 *
 * @param tag of that table
 */
export async function planText(
  text: string,
  mode: PlanMode,
  table: PlainTable,
  tag: string,
  book: NameBook,
): Promise<TextPlan> {
  const read = await readRuleText(text, book);
  const plan = planRules(table, read.problems.length > 0 ? [] : read.statements, mode);
  const isSound = read.problems.length === 0 && plan.refusals.length === 0;
  const batch = isSound ? batchOf(plan, mode) : [];
  return {
    shown: shownOf(read, plan, mode, batch, tag),
    tables: () => {
      const before = formatTable(table);
      return { before, after: isSound ? afterOf(table, plan, before) : before };
    },
    batch,
    isSilent: read.statements.length === 0 && read.problems.length === 0,
    problems: read.problems,
    warnings: read.warnings,
    refusals: plan.refusals,
  };
}

/** The plan with both tables, as a page shows it. */
export function wholePlan({ shown, tables }: Pick<TextPlan, "shown" | "tables">): RulesPlan {
  return { ...shown, ...tables() };
}

function afterOf(table: PlainTable, plan: RulePlan, before: string): string {
  if (plan.changes.length === 0) return before;
  return formatTable(
    applyPlan(
      table,
      plan.changes.map(({ change }) => change),
    ),
  );
}

function shownOf(
  read: ReadText,
  plan: RulePlan,
  mode: PlanMode,
  batch: readonly PlannedLine[],
  tag: string,
): TextPlan["shown"] {
  const { problems, warnings, names, listing } = read;
  const totals = {
    problems: problems.length,
    warnings: warnings.length,
    refusals: plan.refusals.length,
    changes: batch.length,
  };
  return {
    mode,
    listing,
    problems: problems.slice(0, mostTold),
    warnings: warnings.slice(0, mostTold),
    names: names.slice(0, mostTold),
    refusals: plan.refusals.slice(0, mostTold),
    kept: plan.kept.slice(0, mostTold),
    changes: batch.slice(0, mostTold),
    counts: countsOf(batch),
    totals,
    tag,
    needs: needsAdmin(mode, read.statements, batch) ? "admin" : "operator",
  };
}

/** Replace is an admin's, and so is what an admin alone may do in any other text. A clear is planned row by row; merge does none. */
function needsAdmin(mode: PlanMode, statements: readonly ReadyStatement[], batch: readonly PlannedLine[]): boolean {
  if (mode === "run" && statements.some(({ command }) => command === "clear")) return true;
  return mode === "replace" || batch.some(({ change }) => verbsForAdmin.includes(change.verb));
}

function countsOf(batch: readonly PlannedLine[]): Partial<Record<Verb, number>> {
  const counts: Partial<Record<Verb, number>> = {};
  for (const { change } of batch) counts[change.verb] = (counts[change.verb] ?? 0) + 1;
  return counts;
}

/**
 * In the order of the lines when each is run as it stands; otherwise the table first, then what stands beside it. Zero is
 * last: nothing undoes it.
 */
function batchOf(plan: RulePlan, mode: PlanMode): PlannedLine[] {
  const settings = plan.settings.map(({ setting, line }): PlannedLine => ({ change: settingChange(setting), line }));
  const zeros = plan.zeros.map(({ service, line }): PlannedLine => ({ change: { verb: "zero", service }, line }));
  return [...(mode === "run" ? woven(plan.changes, settings) : [...plan.changes, ...settings]), ...zeros];
}

/** Each setting before the first change of a later line. */
function woven(changes: readonly PlannedChange[], settings: readonly PlannedLine[]): PlannedLine[] {
  const batch: PlannedLine[] = [];
  let at = 0;
  for (const change of changes) {
    for (let next = settings[at]; next && (next.line ?? 0) < (change.line ?? 0); next = settings[++at])
      batch.push(next);
    batch.push(change);
  }
  return [...batch, ...settings.slice(at)];
}

function settingChange(setting: RulePlan["settings"][number]["setting"]): Change {
  switch (setting.command) {
    case "set":
      return { verb: "set-timeouts", timeouts: setting.timeouts };
    case "start-daemon":
      return { verb: "start-daemon", daemon: setting.daemon };
    case "stop-daemon":
      return { verb: "stop-daemon", role: setting.role };
  }
}
