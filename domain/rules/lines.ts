import type { RuleProblem } from "./problem.ts";
import type { Meter } from "./tokens.ts";

export const maxTextBytes = 16 * 1024 * 1024;
export const maxLines = 400_000;
/** ipvsadm cuts a word of more characters in two. */
export const maxLineLength = 4_096;

export interface Line {
  /** counted from 1 */
  number: number;
  text: string;
}

/** The lines of a text without their ends and without a byte order mark, or why there are none: it is too long. */
export function linesOf(text: string, meter: Meter): { lines: Line[]; problem: RuleProblem | null } {
  if (text.length > maxTextBytes) {
    return { lines: [], problem: whole("TEXT_TOO_LONG", 1, { max: maxTextBytes / 1024 / 1024 }) };
  }
  const lines: Line[] = [];
  let start = text.startsWith("\ufeff") ? 1 : 0;
  while (start <= text.length) {
    if (lines.length === maxLines)
      return { lines: [], problem: whole("TOO_MANY_LINES", maxLines + 1, { max: maxLines }) };
    const at = text.indexOf("\n", start);
    const end = at < 0 ? text.length : at;
    lines.push({ number: lines.length + 1, text: text.slice(start, end) });
    start = end + 1;
  }
  meter.steps += text.length + lines.length;
  return { lines, problem: null };
}

function whole(code: "TEXT_TOO_LONG" | "TOO_MANY_LINES", line: number, params: { max: number }): RuleProblem {
  return { line, column: 1, endColumn: 2, code, params };
}
