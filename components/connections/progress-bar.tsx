"use client";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button";
import type { ReadProgress } from "#domain/connection";
import { exactText } from "#domain/units";

/** How far a read is that is under way, and what ends it. */
export function ProgressBar({ progress, onCancel }: { progress: ReadProgress; onCancel: () => void }) {
  const t = useTranslations("connections");
  const percent = percentOf(progress);
  return (
    <div className="flex min-w-0 items-center gap-x-3 gap-y-1 max-sm:w-full max-sm:flex-wrap">
      <div
        role="progressbar"
        aria-label={t("progress")}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(percent === null ? {} : { "aria-valuenow": percent })}
        aria-valuetext={t("readSoFar", soFar(progress))}
        className="h-2 w-48 shrink-0 max-sm:w-full max-sm:shrink overflow-hidden rounded-full bg-accent-soft"
      >
        <div className="h-full bg-accent transition-[width]" style={{ width: `${percent ?? 0}%` }} />
      </div>
      <span className="text-[13px] tabular-nums">{t("readSoFar", soFar(progress))}</span>
      <Button size="sm" onClick={onCancel}>
        {t("cancel")}
      </Button>
    </div>
  );
}

/** The table moves while it is read, so that there may be more rows than were expected: it is not done before it is. */
function percentOf({ rowsRead, rowsExpected }: ReadProgress): number | null {
  return rowsExpected > 0 ? Math.min(99, Math.floor((100 * rowsRead) / rowsExpected)) : null;
}

/** What sentences about a part of the table take. */
export function soFar(progress: ReadProgress): { rows: string; known: "yes" | "no"; percent: number } {
  const percent = percentOf(progress);
  return { rows: exactText(progress.rowsRead), known: percent === null ? "no" : "yes", percent: percent ?? 0 };
}
