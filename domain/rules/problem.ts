import { type ProblemCode, type ProblemParams, problemCodes } from "../problem.ts";

/**
 * What can be said of rule text beside what is said of any change (domain/problem.ts), as a closed set. The sentence
 * for each lives in messages/*.json under `rules`.
 */
export const ruleCodes = [
  // the text as a whole
  "TEXT_TOO_LONG",
  "TOO_MANY_LINES",
  "LINE_TOO_LONG",
  // characters that a word processor, a shell or another keyboard left behind
  "DASH",
  "BLANK",
  "FULLWIDTH",
  "QUOTES",
  "CONTROL_CHARACTER",
  "SHELL_VARIABLE",
  "SHELL_CONTINUATION",
  "SHELL_OPERATOR",
  // the command
  "NOT_A_RULE",
  "NO_COMMAND",
  "COMMAND_FIRST",
  "SECOND_COMMAND",
  "COMMAND_ENDS_RESTORE",
  "RESTORE_INSIDE",
  // options
  "UNKNOWN_OPTION",
  "UNKNOWN_OPTION_MEANT",
  "OPTION_TWICE",
  "OPTION_REQUIRED",
  "OPTION_NOT_ALLOWED",
  "OPTIONS_EXCLUDE",
  "VALUE_MISSING",
  "VALUE_NOT_WANTED",
  "UNEXPECTED_WORD",
  "FORWARD_WITHOUT_NAME",
  "PROTOCOL_WITHOUT_OPTION",
  // values
  "NUMBER_INVALID",
  "MARK_INVALID",
  "MARK_NEGATIVE",
  "HOST_INVALID",
  "HOST_IS_NUMBER",
  "ADDRESS_WITH_ZONE",
  "BRACKETS_NEED_PORT",
  "BRACKETS_NOT_CLOSED",
  "PORT_MISSING",
  "PORT_INVALID",
  "PORT_NAME_TOO_EARLY",
  "SIX_NEEDS_MARK",
  "NETMASK_UNREADABLE",
  "FLAG_OF_OTHER_SCHEDULER",
  "FLAGS_CRASH",
  "ROLE_UNKNOWN",
  "TIMEOUTS_NEED_THREE",
  "TUNNEL_OPTION_REQUIRED",
  "TUNNEL_OPTION_NOT_ALLOWED",
  "TUNNEL_CHECKSUMS_EXCLUDE",
  // names
  "NAME_UNKNOWN",
  "PORT_NAME_UNKNOWN",
  // taken, and what ipvsadm makes of it
  "COMMENT_BEHIND_RULE",
  "COMMENT_LIKE_RULE",
  "ROOT_PROMPT",
  "ONLY_LISTS",
  "ADDRESS_SHORT",
  "BRACKETS_LOSE_PORT",
  "NETMASK_SHORT",
  "NETMASK_LOST",
  "NETMASK_UNUSED",
  "PREFIX_CUT",
  "SCHEDULER_EMPTY",
  "VALUE_EMPTY",
  "SERVER_PORT_REPLACED",
  "SERVER_PORT_ZERO",
  // an ipvsadm -L listing
  "LISTING_READ",
  "LISTING_WITHOUT_FORWARD",
  "LISTING_OF_PROC",
  "LISTING_OF_CONNECTIONS",
  "LISTING_LINE_UNKNOWN",
  "LISTING_SERVER_ALONE",
  "LISTING_COMMAND_SKIPPED",
  "LISTING_THRESHOLDS_LOST",
  "LISTING_TUNNEL_LOST",
  "LISTING_ENGINE_LOST",
  "LISTING_LOCAL",
  "LISTING_NAME_CUT",
] as const;
export type RuleCode = (typeof ruleCodes)[number];

/** A stretch of a line; columns count UTF-16 units from 1, the end is the column behind. */
export interface Span {
  column: number;
  endColumn: number;
}

/** One thing to say of a line (counted from 1): what (`code`, `params`) and where. */
export interface RuleProblem extends Span {
  line: number;
  code: RuleCode | ProblemCode;
  params: ProblemParams;
}

/** A translator over the part of the catalogue that rule text needs. */
export type RuleTranslate = (key: `rules.${RuleCode}` | `problem.${ProblemCode}`, values?: ProblemParams) => string;

/** What is wrong with the line, or worth knowing of it, in words. */
export function ruleSentence({ code, params }: Pick<RuleProblem, "code" | "params">, translate: RuleTranslate): string {
  return isProblemCode(code) ? translate(`problem.${code}`, params) : translate(`rules.${code}`, params);
}

const domainCodes: ReadonlySet<string> = new Set(problemCodes);

function isProblemCode(code: RuleCode | ProblemCode): code is ProblemCode {
  return domainCodes.has(code);
}

/** Nobody mends more of a line at once, and a long one could hold thousands. */
const maxProblemsOfLine = 10;

/** What is said of one line as it is read, the first few of each kind. */
export class Remarks {
  readonly problems: RuleProblem[] = [];
  readonly warnings: RuleProblem[] = [];
  readonly line: number;

  constructor(line: number) {
    this.line = line;
  }

  refuse(code: RuleCode | ProblemCode, { column, endColumn }: Span, params: ProblemParams = {}): void {
    if (this.problems.length === maxProblemsOfLine) return;
    this.problems.push({ line: this.line, column, endColumn, code, params });
  }

  warn(code: RuleCode | ProblemCode, { column, endColumn }: Span, params: ProblemParams = {}): void {
    if (this.warnings.length === maxProblemsOfLine) return;
    this.warnings.push({ line: this.line, column, endColumn, code, params });
  }
}
