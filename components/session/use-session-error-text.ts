import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useErrorText } from "#components/words";
import type { ErrorShape } from "#domain/errors";
import { errorShapeOf } from "../changes/error-shape.ts";

/**
 * Why a call that is about people, not about the table, was refused: these are answered by the console itself, so that
 * an answer that got lost or failed is not the director's.
 */
export function useSessionRefusalText(): (shape: ErrorShape) => string {
  const t = useTranslations("session");
  const errorText = useErrorText();
  return useCallback(
    (shape) => {
      if (shape.code === "UNREACHABLE" || shape.code === "TIMED_OUT") return t("unreachable");
      if (shape.code === "INTERNAL") return t("internal");
      return errorText(shape);
    },
    [errorText, t],
  );
}

/** The same of whatever such a call was rejected with. */
export function useSessionErrorText(): (thrown: unknown) => string {
  const refusalText = useSessionRefusalText();
  return useCallback((thrown) => refusalText(errorShapeOf(thrown)), [refusalText]);
}
