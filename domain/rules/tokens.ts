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

/** The words of one line. */
export interface Words {
  tokens: Token[];
  /** made of letters, digits and what addresses and options are written with: no character is foreign to rules */
  isPlain: boolean;
}

export function spanOf({ text, column }: Token): Span {
  return { column, endColumn: column + Math.max(text.length, 1) };
}

/** From the first token to the last; the first column when there is none. */
export function spanOfAll(tokens: readonly Token[]): Span {
  const first = tokens[0];
  const last = tokens[tokens.length - 1];
  if (!first || !last) return { column: 1, endColumn: 2 };
  return { column: first.column, endColumn: last.column + Math.max(last.text.length, 1) };
}

/**
 * The words of a line. Blank, tab and carriage return separate, nothing else does: ipvsadm knows no quotes, no escapes
 * and no continuation (config_stream.c).
 */
export function tokensOf(line: string, meter: Meter): Token[] {
  return wordsOf(line, meter).tokens;
}

/** tokensOf(), and whether all of them are plain. */
export function wordsOf(line: string, meter: Meter): Words {
  const tokens: Token[] = [];
  let start = -1;
  let isPlain = true;
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (isSeparator(code)) {
      if (start >= 0) tokens.push({ text: line.slice(start, at), column: start + 1 });
      start = -1;
      continue;
    }
    if (start < 0) start = at;
    if (code > 0x7f || plain[code] === 0) isPlain = false;
  }
  if (start >= 0) tokens.push({ text: line.slice(start), column: start + 1 });
  meter.steps += line.length + 1 + tokens.length;
  return { tokens, isPlain };
}

function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

/** By character code below 128: 1 for what every word may hold. */
const plain = new Uint8Array(128);
for (const character of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]=,_/+") {
  plain[character.charCodeAt(0)] = 1;
}
