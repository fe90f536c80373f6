import { type RuleProblem, ruleSentence } from "#domain/rules/problem";
import type { NameMeaning } from "#domain/rules-exchange";
import { ruleWords } from "../words.ts";

/** What is to be said of a text, for a terminal: each problem and warning as `LINE: sentence`, and what its names became. */
export function ruleRemarks(
  problems: readonly RuleProblem[],
  warnings: readonly RuleProblem[],
  names: readonly NameMeaning[],
): string {
  const remarks = [...problems, ...warnings].sort((a, b) => a.line - b.line);
  const lines = remarks.map((remark) => `${remark.line}: ${ruleSentence(remark, ruleWords)}\n`);
  for (const { name, became, others } of names) {
    const also = others.length > 0 ? ` (and ${others.join(", ")})` : "";
    if (became !== null) lines.push(`${name} is ${became}${also}\n`);
  }
  return lines.join("");
}
