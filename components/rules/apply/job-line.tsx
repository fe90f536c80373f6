"use client";
import { useTranslations } from "next-intl";
import { useEffect, useId, useRef } from "react";
import { Button } from "#components/ui/button";
import type { JobProgress } from "#domain/revision";

export interface JobLineProps {
  progress: JobProgress | null;
  cancelling: boolean;
  /** how many changes were asked for: what is known before the director says how many steps they take */
  total: number;
  onCancel: () => void;
}

/** How far the work is, by the director's own count, and the button that stops it. */
export function JobLine({ progress, cancelling, total, onCancel }: JobLineProps) {
  const t = useTranslations("rulesPage.job");
  const id = useId();
  const box = useRef<HTMLElement>(null);
  // The button that was pressed is gone.
  useEffect(() => box.current?.focus(), []);
  const all = progress?.total ?? total;
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label={t("title")}
      className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border border-line bg-surface px-4 py-3 outline-none"
    >
      <div className="min-w-48 flex-1">
        {/* Counted three times a second: a screen reader is told of the phases only. */}
        <p id={id} role="status" className="text-[13px]">
          {t(cancelling ? "cancelling" : (progress?.phase ?? "waiting"))}
        </p>
        <progress
          aria-labelledby={id}
          className="mt-1.5 h-1.5 w-full appearance-none overflow-hidden rounded-full bg-sunken [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-accent"
          max={Math.max(all, 1)}
          {...(progress ? { value: progress.done } : {})}
        />
        <p className="text-xs text-muted tabular-nums">{t("count", { done: progress?.done ?? 0, total: all })}</p>
      </div>
      <Button disabled={cancelling || progress?.phase === "undoing"} onClick={onCancel}>
        {t("cancel")}
      </Button>
    </section>
  );
}
