import { Known } from "./known.ts";
import { LikeLines } from "./like-lines.ts";
import { type Line, linesOf, maxLineLength } from "./lines.ts";
import { isListing, parseListing } from "./listing.ts";
import { parseRule, type Reading } from "./parse-line.ts";
import { stripPreamble } from "./preamble.ts";
import { Remarks, type RuleProblem } from "./problem.ts";
import type { Statement } from "./statement.ts";
import { type Meter, spanOfAll, type Words, wordsOf } from "./tokens.ts";

/** What a text says. Nothing may be written while there is a problem. */
export interface RuleText {
  /** an `ipvsadm -L` listing was read instead of commands */
  listing: boolean;
  /** in the order of their lines */
  statements: Statement[];
  problems: RuleProblem[];
  warnings: RuleProblem[];
}

/**
 * Reads rule text: the lines that `ipvsadm -R` 1.31 takes as changes, `#` comments, commands as they were typed at a shell, or
 * a listing of `ipvsadm -L`. Every faulty line is told, and what ipvsadm takes otherwise than it looks is a warning. Never
 * throws; the work is linear in the length of the text, which is bounded (16 MiB, 400,000 lines of 4,096 characters).
 *
 * @param meter counts the work
 */
export function parseRules(text: string, meter: Meter = { steps: 0 }): RuleText {
  const { lines, problem } = linesOf(text, meter);
  if (problem) return { listing: false, statements: [], problems: [problem], warnings: [] };
  if (isListing(lines, meter)) return { listing: true, ...parseListing(lines, meter) };
  const reader = new Reader(meter);
  for (const line of lines) reader.read(line);
  return { listing: false, ...reader.finish() };
}

/** What LikeLines looks at of a line that is like none: two addresses with their ports, and its 32 beginnings. */
const longestHead = 64;

class Reader {
  readonly #reading: Reading;
  /** of each line that may say something, null when it makes none */
  readonly #statements: (Statement | null)[] = [];
  /** beside them; null where nothing was said */
  readonly #remarks: (Remarks | null)[] = [];
  /** lines such as `# ipvsadm -A …`, and where they belong among those read */
  readonly #hashed: { words: Words; remarks: Remarks; at: number }[] = [];
  readonly #likes = new LikeLines();
  #plain = 0;

  constructor(meter: Meter) {
    this.#reading = { meter, known: new Known() };
  }

  read({ number, text }: Line): void {
    const { meter } = this.#reading;
    meter.steps += Math.min(text.length, longestHead) + 1;
    const like = text.length > maxLineLength ? null : this.#likes.statement(text, number);
    if (like) {
      this.#plain++;
      this.#statements.push(like);
      this.#remarks.push(null);
      return;
    }
    const remarks = new Remarks(number);
    if (text.length > maxLineLength) {
      remarks.refuse(
        "LINE_TOO_LONG",
        { column: maxLineLength + 1, endColumn: text.length + 1 },
        { max: maxLineLength },
      );
      this.#keep(null, remarks);
      return;
    }
    const words = wordsOf(text, meter);
    const { tokens, afterHash } = stripPreamble(words.tokens);
    if (!tokens[0] || (!afterHash && tokens[0].text.startsWith("#"))) return;
    words.tokens = tokens;
    if (afterHash) {
      this.#hashed.push({ words, remarks, at: this.#statements.length });
      this.#keep(null, remarks);
      return;
    }
    this.#plain++;
    const statement = parseRule(words, remarks, this.#reading);
    this.#keep(statement, remarks);
    const isPlain = remarks.problems.length + remarks.warnings.length === 0;
    if (isPlain && statement && statement.command !== "unresolved") this.#likes.remember(text, statement);
  }

  #keep(statement: Statement | null, remarks: Remarks): void {
    this.#statements.push(statement);
    this.#remarks.push(remarks.problems.length + remarks.warnings.length > 0 ? remarks : null);
  }

  finish(): Omit<RuleText, "listing"> {
    for (const { words, remarks, at } of this.#hashed) {
      // Beside rules of their own, lines behind a # are rules that someone took out; alone, they come from a terminal.
      this.#remarks[at] = remarks;
      if (this.#plain > 0) {
        remarks.warn("COMMENT_LIKE_RULE", spanOfAll(words.tokens));
        continue;
      }
      remarks.warn("ROOT_PROMPT", spanOfAll(words.tokens));
      this.#statements[at] = parseRule(words, remarks, this.#reading);
    }
    const problems: RuleProblem[] = [];
    const warnings: RuleProblem[] = [];
    for (const remarks of this.#remarks) {
      if (!remarks) continue;
      problems.push(...remarks.problems);
      warnings.push(...remarks.warnings);
    }
    return { statements: this.#statements.filter((statement) => statement !== null), problems, warnings };
  }
}
