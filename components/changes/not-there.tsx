"use client";
import { useTranslations } from "next-intl";
import { NotRead } from "#components/ui/not-read";
import { errorShapeOf } from "./error-shape.ts";
import { useRefusalText } from "./use-refusal-text.ts";

/** In place of what is being read, or could not be. */
export function NotThere({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("change");
  const refusalText = useRefusalText();
  const refusal = error ? refusalText(errorShapeOf(error)) : null;
  return <NotRead refusal={refusal} reading={t("reading")} tryAgain={t("tryAgain")} retry={retry} />;
}
