import { parseRules } from "#domain/rules/parse";
import type { RuleProblem } from "#domain/rules/problem";
import { mostTold } from "#domain/rules-exchange";

/** What can be said of a text without asking anybody: not yet what its names mean, nor what it would do to the table. */
export interface CheckedText {
  /** an `ipvsadm -L` listing was read instead of commands */
  listing: boolean;
  /** how many lines do something */
  rules: number;
  /** the first of them, in the order of their lines */
  problems: RuleProblem[];
  warnings: RuleProblem[];
  /** how many there are, told or not */
  totals: { problems: number; warnings: number };
}

/** Reads the text. The work is linear in its length. */
export function checkText(text: string): CheckedText {
  const { listing, statements, problems, warnings } = parseRules(text);
  return {
    listing,
    rules: statements.length,
    problems: problems.slice(0, mostTold),
    warnings: warnings.slice(0, mostTold),
    totals: { problems: problems.length, warnings: warnings.length },
  };
}
