"use client";
import { useTranslations } from "next-intl";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { errorShapeOf } from "./error-shape.ts";
import { useRefusalText } from "./use-refusal-text.ts";

/** In place of what is being read, or could not be. */
export function NotThere({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("change");
  const refusalText = useRefusalText();
  if (!error) {
    return (
      <p role="status" className="py-2 text-muted">
        {t("reading")}
      </p>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Alert>{refusalText(errorShapeOf(error))}</Alert>
      <Button onClick={retry}>{t("tryAgain")}</Button>
    </div>
  );
}
