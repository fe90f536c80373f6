"use client";

import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "#components/ui/button";

/** The ipvsadm command that does the same, to learn from and to copy. */
export function CommandPreview({ command }: { command: string }) {
  const t = useTranslations("form");
  const code = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState<string | null>(null);
  const complete = !command.includes("…");

  async function copy() {
    try {
      await navigator.clipboard.writeText(command);
      setCopied(command);
    } catch {
      // No clipboard outside of a secure context: the text is selected, to be copied by hand.
      if (code.current) window.getSelection()?.selectAllChildren(code.current);
    }
  }

  return (
    <figure className="rounded-md border border-line bg-sunken">
      <figcaption className="flex items-center justify-between gap-2 py-1 pr-1 pl-2.5 text-xs text-muted">
        {t("command")}
        <Button variant="ghost" size="sm" disabled={!complete} onClick={() => void copy()}>
          {copied === command ? (
            <Check className="size-3.5" aria-hidden="true" />
          ) : (
            <Copy className="size-3.5" aria-hidden="true" />
          )}
          <span aria-live="polite">{copied === command ? t("copied") : t("copy")}</span>
        </Button>
      </figcaption>
      <code
        ref={code}
        data-testid="command"
        tabIndex={command.includes("\n") ? 0 : undefined}
        className="block max-h-48 overflow-y-auto px-2.5 pb-2 font-mono text-[13px] leading-relaxed whitespace-pre-wrap"
      >
        {wordsOf(command)}
      </code>
    </figure>
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
