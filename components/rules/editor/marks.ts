import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { RuleProblem } from "#domain/rules/problem";

/** Of more remarks than these only the first are marked in the text; the list beside it tells the rest. */
const mostMarked = 1000;

export interface SaidProblem {
  problem: RuleProblem;
  sentence: string;
}

/** Remarks as marks in the text: at least one character wide, and where the text has moved on, at its end. */
export function marksIn(doc: Text, severity: "error" | "warning", remarks: readonly SaidProblem[]): Diagnostic[] {
  return remarks.slice(0, mostMarked).map(({ problem, sentence }) => {
    const line = doc.line(Math.min(Math.max(problem.line, 1), doc.lines));
    const from = Math.min(line.from + problem.column - 1, Math.max(line.from, line.to - 1));
    const to = Math.min(Math.max(line.from + problem.endColumn - 1, from + 1), line.to);
    return { from, to: Math.max(from, to), severity, message: sentence };
  });
}
