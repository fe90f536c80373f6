import type { RuleProblem } from "#domain/rules/problem";
import type { RuleCheck } from "./check/use-rule-check.ts";
import type { RuleDoc } from "./rule-doc.ts";
import type { MadePlan } from "./use-plan.ts";

/** What is to be said of a text, and of which. */
export interface RemarksOfDoc {
  doc: RuleDoc;
  /** an `ipvsadm -L` listing was read instead of commands */
  listing: boolean;
  /** the first of them */
  problems: readonly RuleProblem[];
  warnings: readonly RuleProblem[];
  /** how many there are */
  totals: { problems: number; warnings: number };
}

/**
 * The remarks about this very text: its plan's when there is one, since that knows what names mean, else what was found here;
 * null while it has not been looked at.
 */
export function remarksOf(doc: RuleDoc, check: RuleCheck, made: MadePlan | null): RemarksOfDoc | null {
  if (made && made.doc === doc) {
    const { listing, problems, warnings, totals } = made.plan;
    return { doc, listing, problems, warnings, totals };
  }
  if (check.doc !== doc || !check.checked) return null;
  const { listing, problems, warnings, totals } = check.checked;
  return { doc, listing, problems, warnings, totals };
}
