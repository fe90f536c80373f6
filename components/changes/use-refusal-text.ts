import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useErrorText } from "#components/words";
import type { ErrorCode, ErrorShape } from "#domain/errors";

/** With these nobody knows whether the change was made: the answer got lost, not the question. */
const unanswered: readonly ErrorCode[] = ["TIMED_OUT", "UNREACHABLE", "INTERNAL"];

/** Why a change was refused, and what to do when it is not known whether it was. */
export function useRefusalText(): (shape: ErrorShape, showChange?: boolean) => string {
  const t = useTranslations("change");
  const errorText = useErrorText();
  return useCallback(
    (shape, showChange) => {
      const sentence = errorText(shape, showChange);
      return unanswered.includes(shape.code) ? `${sentence} ${t("maybeDone")}` : sentence;
    },
    [errorText, t],
  );
}
