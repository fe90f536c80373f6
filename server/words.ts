import { createTranslator } from "next-intl";
import type { FoundManager } from "#domain/doctor";
import type { ErrorShape } from "#domain/errors";
import type { RuleTranslate } from "#domain/rules/problem";
import { errorSentence, type Translate } from "#domain/words";
import messages from "../messages/en.json" with { type: "json" };

const translate = createTranslator({ locale: "en", messages }) as Translate;

/** The words for rule text, ruleSentence() asks them. */
export const ruleWords = createTranslator({ locale: "en", messages }) as RuleTranslate;

const managerWords = createTranslator({ locale: "en", messages, namespace: "managers" });

/** Who else writes the table, for a terminal. */
export function managersSentence(managers: readonly FoundManager[]): string {
  const names = managers.map(({ manager }) => managerWords(`name.${manager}`)).join(", ");
  return managerWords("found", { names, count: managers.length });
}

/** A refusal as an English sentence, for terminals, scripts and logs; pages word it in their own language. */
export function refusalSentence(shape: ErrorShape): string {
  return errorSentence(shape, translate);
}
