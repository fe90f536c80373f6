import { longOption } from "./options.ts";
import type { Remarks } from "./problem.ts";
import { type Meter, spanOf, type Token } from "./tokens.ts";

const suspect = /[^\x21-\x7e]|[$`'"\\;|&<>]/;
const dashes = /^[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]+/;
const blanks = /[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff]/g;
const quotes = /['"\u2018-\u201f\u00ab\u00bb]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\x00-\x1f\x7f-\x9f]/;

/**
 * Names what a word processor, a shell or another keyboard left in the words of a rule, and what to write instead.
 * Answers whether there was any: then it is no use to read the line as options.
 */
export function refuseForeignCharacters(tokens: readonly Token[], remarks: Remarks, meter: Meter): boolean {
  let found = false;
  for (const token of tokens) {
    meter.steps += token.text.length;
    if (suspect.test(token.text) && refuse(token, remarks)) found = true;
  }
  return found;
}

function refuse(token: Token, remarks: Remarks): boolean {
  const { text } = token;
  const span = spanOf(token);
  const say = (code: Parameters<Remarks["refuse"]>[0], params: Record<string, string> = {}) => {
    remarks.refuse(code, span, { text, ...params });
    return true;
  };
  if (control.test(text)) return say("CONTROL_CHARACTER", { text: visible(text) });
  if (text.search(blanks) >= 0) return say("BLANK", { write: text.replace(blanks, " ").trim() });
  const dash = dashes.exec(text)?.[0] ?? "";
  if (/[^-]/.test(dash)) return say("DASH", { write: withDashes(text.slice(dash.length)) });
  if (text.search(quotes) >= 0) return say("QUOTES", { write: text.replace(quotes, "") });
  if (text.includes("$") || text.includes("`")) return say("SHELL_VARIABLE");
  if (text === "\\") return say("SHELL_CONTINUATION");
  if (/[;|&<>\\]/.test(text)) return say("SHELL_OPERATOR");
  const plain = text.normalize("NFKC");
  if (plain !== text && !suspect.test(plain)) return say("FULLWIDTH", { write: plain });
  return false;
}

/** A dash that was typed once or twice and became one: as many as the option takes. */
function withDashes(rest: string): string {
  const name = rest.split("=", 1)[0] ?? "";
  return longOption(name) ? `--${rest}` : `-${rest}`;
}

function visible(text: string): string {
  return text.replace(new RegExp(control.source, "g"), "\u00b7");
}
