"use client";
import { useTranslations } from "next-intl";

/** Leads to a line of the text in the editor. */
export function LineLink({ line, onGo }: { line: number; onGo: () => void }) {
  const t = useTranslations("rulesPage");
  return (
    <button
      type="button"
      onClick={onGo}
      className="shrink-0 rounded text-[13px] whitespace-nowrap text-accent tabular-nums underline-offset-2 hover:underline"
    >
      {t("line", { line })}
    </button>
  );
}
