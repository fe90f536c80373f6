import { parseRules } from "#domain/rules/parse";
import type { RuleProblem } from "#domain/rules/problem";
import { namesIn, resolveNames } from "#domain/rules/resolve";
import type { ReadyStatement } from "#domain/rules/statement";
import type { NameMeaning } from "#domain/rules-exchange";
import type { NameBook } from "../names.ts";

/** Rule text, read with its names looked up. */
export interface ReadText {
  /** an `ipvsadm -L` listing was read instead of commands */
  listing: boolean;
  /** without the lines that have a problem */
  statements: readonly ReadyStatement[];
  /** in the order of their lines */
  problems: RuleProblem[];
  warnings: RuleProblem[];
  names: NameMeaning[];
}

/** Reads rule text and looks up the names in it. Never rejects: what is wrong stands in `problems`. */
export async function readRuleText(text: string, book: NameBook): Promise<ReadText> {
  const parsed = parseRules(text);
  const wanted = namesIn(parsed.statements);
  const { names, meanings } = await book.lookUp(wanted);
  const resolved = resolveNames(parsed.statements, names);
  return {
    listing: parsed.listing,
    statements: resolved.statements,
    problems: inOrder([...parsed.problems, ...resolved.problems]),
    warnings: inOrder([...parsed.warnings, ...resolved.warnings]),
    names: meanings,
  };
}

const inOrder = (remarks: RuleProblem[]) => remarks.sort((a, b) => a.line - b.line || a.column - b.column);
