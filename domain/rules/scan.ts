import { longOption, type Option, optionMeant, shortOption } from "./options.ts";
import type { Remarks, Span } from "./problem.ts";
import { type Meter, spanOf, type Token } from "./tokens.ts";

const dash = 0x2d;
const equalsSign = 0x3d;

/** One option as it was given. */
export interface Given extends Span {
  option: Option;
  /** as it was written, without its value: `-t`, `--tcp-service` */
  written: string;
  value: Token | null;
}

export interface Scan {
  options: Given[];
  /** what is no option and no option's value */
  words: Token[];
}

/**
 * Splits words into options and their values as popt does: bundles (`-At ADDR`), values glued on or behind `=`, `--` that ends
 * the options, a value of -p only when the next word does not start with a dash. What is no option is named.
 */
export function scan(tokens: readonly Token[], remarks: Remarks, meter: Meter): Scan {
  const scanner = new Scanner(tokens, remarks, meter);
  scanner.run();
  return scanner.result;
}

class Scanner {
  readonly result: Scan = { options: [], words: [] };
  readonly #tokens: readonly Token[];
  readonly #remarks: Remarks;
  readonly #meter: Meter;
  #next = 0;

  constructor(tokens: readonly Token[], remarks: Remarks, meter: Meter) {
    this.#tokens = tokens;
    this.#remarks = remarks;
    this.#meter = meter;
  }

  run(): void {
    for (let token = this.#take(); token; token = this.#take()) {
      const { text } = token;
      this.#meter.steps += text.length + 1;
      if (text.charCodeAt(0) !== dash || text.length === 1) this.result.words.push(token);
      else if (text.charCodeAt(1) !== dash) this.#bundle(token);
      else if (text.length > 2) this.#long(token);
      else {
        this.result.words.push(...this.#tokens.slice(this.#next));
        return;
      }
    }
  }

  #take(): Token | null {
    return this.#tokens[this.#next++] ?? null;
  }

  #long(token: Token): void {
    const equals = token.text.indexOf("=");
    const written = equals < 0 ? token.text : token.text.slice(0, equals);
    const option = longOption(written.slice(2));
    if (!option) {
      this.#unknown(written, spanOf(token));
      return;
    }
    const glued = equals < 0 ? null : part(token, equals + 1);
    this.#give(option, written, spanOf(token), glued);
  }

  #bundle(token: Token): void {
    const { text, column } = token;
    for (let at = 1; at < text.length; at++) {
      const letter = text[at] ?? "";
      const written = at === 1 && text.length === 2 ? text : `-${letter}`;
      const option = shortOption(letter);
      // The dash belongs to the first letter of a bundle.
      const span = { column: column + (at === 1 ? 0 : at), endColumn: column + at + 1 };
      if (!option) {
        this.#unknown(written, span);
        return;
      }
      const isLast = at + 1 === text.length;
      const hasEquals = !isLast && text.charCodeAt(at + 1) === equalsSign;
      if (option.value !== "none" || hasEquals) {
        const glued = isLast ? null : part(token, hasEquals ? at + 2 : at + 1);
        if (glued) span.endColumn = column + text.length;
        this.#give(option, written, span, glued);
        return;
      }
      this.#give(option, written, span, null);
    }
  }

  #give(option: Option, written: string, span: Span, glued: Token | null): void {
    const { column, endColumn } = span;
    if (option.value === "none") {
      if (glued) this.#remarks.refuse("VALUE_NOT_WANTED", span, { option: written });
      this.result.options.push({ column, endColumn, option, written, value: null });
      return;
    }
    let value = glued;
    const following = this.#tokens[this.#next];
    if (!value && following && (option.value === "required" || following.text.charCodeAt(0) !== dash)) {
      value = following;
      this.#next++;
    }
    if (!value && option.value === "required") this.#remarks.refuse("VALUE_MISSING", span, { option: written });
    this.result.options.push({ column, endColumn, option, written, value });
  }

  #unknown(written: string, span: Span): void {
    if (/^--(xxx|ip-\d+)-service$/.test(written)) {
      // The value is not one that a person wrote too much.
      if (this.#tokens[this.#next]?.text.startsWith("-") === false) this.#next++;
      this.#remarks.refuse("PROTOCOL_WITHOUT_OPTION", span, { option: written });
      return;
    }
    const meant = written.startsWith("--") ? optionMeant(written.slice(2)) : null;
    if (!meant) {
      this.#remarks.refuse("UNKNOWN_OPTION", span, { option: written });
      return;
    }
    if (meant.value !== "none" && this.#tokens[this.#next]?.text.startsWith("-") === false) this.#next++;
    this.#remarks.refuse("UNKNOWN_OPTION_MEANT", span, { option: written, write: `--${meant.long}` });
  }
}

function part({ text, column }: Token, from: number): Token {
  return { text: text.slice(from), column: column + from };
}
