import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useErrorText } from "#components/words";
import { directorErrorCodes, type ErrorCode, peopleErrorCodes } from "#domain/errors";

const codes: readonly string[] = [...directorErrorCodes, ...peopleErrorCodes];

/** Why something was refused, from the code that was kept of it; a code of another version stands for itself. */
export function useOutcomeText(): (outcome: string) => string {
  const t = useTranslations("audit");
  const errorText = useErrorText();
  return useCallback(
    (outcome) => {
      // Said to who was refused, with numbers that are not kept.
      if (outcome === "ROLE_TOO_SMALL") return t("tooSmallRole");
      if (outcome === "TOO_MANY_TRIES") return t("tooManyTries");
      if (outcome === "PASSWORD_NEEDED") return t("passwordNeeded");
      if (outcome === "NOT_LOGGED_IN") return t("notLoggedIn");
      return codes.includes(outcome) ? errorText({ code: outcome as ErrorCode, params: {} }) : outcome;
    },
    [errorText, t],
  );
}
