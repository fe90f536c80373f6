import { longOption, type Option, shortOption } from "#domain/rules/options";
import { type Token, tokensOf } from "#domain/rules/tokens";

export type WordKind = "comment" | "before" | "command" | "option" | "address" | "value";

/** A stretch of a line that has a colour; offsets in the line, from 0. */
export interface ColouredWord {
  from: number;
  to: number;
  kind: WordKind;
}

/** The words of one line by what they are, for the eye only: whether they make a rule is for the parser to say. */
export function colouredWords(line: string): ColouredWord[] {
  const tokens = tokensOf(line, { steps: 0 });
  const words: ColouredWord[] = [];
  let wanting: Option | null = null;
  let begun = false;
  for (const token of tokens) {
    const { text } = token;
    const from = token.column - 1;
    if (text.startsWith("#")) {
      words.push({ from, to: line.length, kind: "comment" });
      break;
    }
    const found = text.length > 1 && text.startsWith("-") ? optionIn(token) : null;
    if (found) {
      begun = true;
      words.push({ from, to: from + found.length, kind: found.isCommand ? "command" : "option" });
      if (found.length < text.length) words.push(value(token, found.length));
      wanting = found.length === text.length ? found.takes : null;
    } else if (begun || wanting) {
      words.push(value(token, 0));
      wanting = null;
    } else words.push({ from, to: from + text.length, kind: "before" });
  }
  return words;
}

interface FoundOption {
  /** how much of the word is the option itself, with the `=` behind it */
  length: number;
  isCommand: boolean;
  /** the option that wants the next word */
  takes: Option | null;
}

function optionIn({ text }: Token): FoundOption {
  if (text.startsWith("--")) {
    const equals = text.indexOf("=");
    const option = longOption(equals < 0 ? text.slice(2) : text.slice(2, equals));
    const takes = option && option.value !== "none" ? option : null;
    return { length: equals < 0 ? text.length : equals + 1, isCommand: Boolean(option?.command), takes };
  }
  let isCommand = false;
  for (let at = 1; at < text.length; at++) {
    const option = shortOption(text[at] ?? "");
    if (!option) break;
    if (option.command) isCommand = true;
    if (option.value !== "none") {
      return { length: at + 1 + (text[at + 1] === "=" ? 1 : 0), isCommand, takes: option };
    }
  }
  return { length: text.length, isCommand, takes: null };
}

function value({ text, column }: Token, from: number): ColouredWord {
  const start = column - 1 + from;
  return { from: start, to: column - 1 + text.length, kind: isAddress(text.slice(from)) ? "address" : "value" };
}

function isAddress(text: string): boolean {
  return /^\[?[0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*\]?(:[A-Za-z0-9-]+)?$/.test(text);
}
