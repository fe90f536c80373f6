import { useTranslations } from "next-intl";
import { useCallback } from "react";
import type { RevisionDoer } from "#domain/revision";

/** Who made a change, in words: a name with where it came from, or who stands behind a change without one. */
export function useDoerText(): (by: RevisionDoer) => string {
  const t = useTranslations("rulesPage.by");
  return useCallback(
    ({ name, source }) => {
      if (source === "outside" || source === "console") return t(source);
      return name === "" ? t(`nobody.${source}`) : t(source, { name });
    },
    [t],
  );
}
