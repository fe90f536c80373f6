"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { CopyFigure } from "#components/ui/copy-figure";

/** The command that does the same, to learn from and to copy. */
export function CommandPreview({ command }: { command: string }) {
  const t = useTranslations("form");
  return (
    <CopyFigure label={t("command")} text={command} disabled={command.includes("…")} testId="command">
      {wordsOf(command)}
    </CopyFigure>
  );
}

/** A line breaks between words only: a browser would break an option behind its hyphens. */
function wordsOf(command: string): ReactNode[] {
  return command.split(/([ \n])/).map((word, index) =>
    word.trim() === "" ? (
      word
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: words have no other name
      <span key={index} className="inline-block max-w-full break-words">
        {word}
      </span>
    ),
  );
}
