"use client";

import { useTranslations } from "next-intl";
import { useCallback } from "react";
import type { ErrorShape } from "#domain/errors";
import type { Problem } from "#domain/problem";
import { errorSentence, problemSentence } from "#domain/words";

/** What is wrong with an input, as a sentence of the page's language. */
export function useProblemText(): (problem: Pick<Problem, "code" | "params">) => string {
  const translate = useTranslations();
  return useCallback((problem) => problemSentence(problem, translate), [translate]);
}

/** Why the director refused, as a sentence of the page's language; `showChange` names the change of a batch by number. */
export function useErrorText(): (shape: ErrorShape, showChange?: boolean) => string {
  const translate = useTranslations();
  return useCallback((shape, showChange) => errorSentence(shape, translate, showChange), [translate]);
}
