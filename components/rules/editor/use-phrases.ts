import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { Phrases } from "./extensions.ts";

/** CodeMirror's own words by our keys. */
const phraseKeys = {
  find: "Find",
  replace: "Replace",
  next: "next",
  previous: "previous",
  all: "all",
  matchCase: "match case",
  byWord: "by word",
  regexp: "regexp",
  replaceOne: "replace",
  replaceAll: "replace all",
  close: "close",
  currentMatch: "current match",
  onLine: "on line",
  replacedMatches: "replaced $ matches",
  replacedOnLine: "replaced match on line $",
  goToLine: "Go to line",
  go: "go",
  controlCharacter: "Control character",
  unchangedLines: "$ unchanged lines",
  selectionDeleted: "Selection deleted",
} as const;

/** The editor's own words in the page's language. */
export function usePhrases(): Phrases {
  const t = useTranslations("rulesPage.phrase");
  return useMemo(
    () =>
      Object.fromEntries(
        Object.entries(phraseKeys).map(([key, phrase]) => [phrase, t(key as keyof typeof phraseKeys, { count: "$" })]),
      ),
    [t],
  );
}
