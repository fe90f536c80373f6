"use client";
import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "./button.tsx";

export interface CopyFigureProps {
  /** what the text is */
  label: ReactNode;
  text: string;
  /** the text as it is shown, where that is more than its letters */
  children?: ReactNode;
  /** there is nothing complete to copy yet */
  disabled?: boolean;
  testId?: string;
  /** the button has the focus as soon as it is there */
  focused?: boolean;
}

/** A text to be taken elsewhere, in one piece, with the button that copies it. */
export function CopyFigure({ label, text, children = text, disabled = false, testId, focused }: CopyFigureProps) {
  const t = useTranslations("ui");
  const code = useRef<HTMLElement>(null);
  const [copied, setCopied] = useState<string | null>(null);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(text);
    } catch {
      // No clipboard outside of a secure context: the text is selected, to be copied by hand.
      if (code.current) window.getSelection()?.selectAllChildren(code.current);
    }
  }

  return (
    <figure className="rounded-md border border-line bg-sunken">
      <figcaption className="flex items-center justify-between gap-2 py-1 pr-1 pl-2.5 text-xs text-muted">
        {label}
        <Button variant="ghost" size="sm" autoFocus={focused} disabled={disabled} onClick={() => void copy()}>
          {copied === text ? (
            <Check className="size-3.5" aria-hidden="true" />
          ) : (
            <Copy className="size-3.5" aria-hidden="true" />
          )}
          <span aria-live="polite">{copied === text ? t("copied") : t("copy")}</span>
        </Button>
      </figcaption>
      <code
        ref={code}
        data-testid={testId}
        tabIndex={text.includes("\n") ? 0 : undefined}
        className="block max-h-48 overflow-y-auto px-2.5 pb-2 font-mono text-[13px] leading-relaxed break-words whitespace-pre-wrap"
      >
        {children}
      </code>
    </figure>
  );
}
