import type { Span } from "./problem.ts";

/** One word of a line, and where it starts: columns count UTF-16 units from 1. */
export interface Token {
  text: string;
  column: number;
}

/** What reading has cost so far: a step for each character looked at and each word handled. */
export interface Meter {
  steps: number;
}

export function spanOf({ text, column }: Token): Span {
  return { column, endColumn: column + Math.max(text.length, 1) };
}

/** From the first token to the last; the first column when there is none. */
export function spanOfAll(tokens: readonly Token[]): Span {
  const first = tokens[0];
  const last = tokens.at(-1);
  return first && last ? { column: first.column, endColumn: spanOf(last).endColumn } : { column: 1, endColumn: 2 };
}

/**
 * The words of a line. Blank, tab and carriage return separate, nothing else does: ipvsadm knows no quotes, no escapes
 * and no continuation (config_stream.c).
 */
export function tokensOf(line: string, meter: Meter): Token[] {
  const tokens: Token[] = [];
  let start = -1;
  for (let at = 0; at <= line.length; at++) {
    const separates = at === line.length || isSeparator(line.charCodeAt(at));
    if (!separates && start < 0) start = at;
    if (separates && start >= 0) {
      tokens.push({ text: line.slice(start, at), column: start + 1 });
      start = -1;
    }
  }
  meter.steps += line.length + 1 + tokens.length;
  return tokens;
}

function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}
