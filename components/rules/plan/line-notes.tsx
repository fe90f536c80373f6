"use client";
import { CircleX, Info } from "lucide-react";
import { useTranslations } from "next-intl";
import { useErrorText } from "#components/words";
import type { RuleRefusal } from "#domain/rules/plan";
import { LineLink } from "../line-link.tsx";

const mostShown = 50;

/** Lines that the kernel would refuse: with any of them nothing is done. */
export function RefusedLines({
  refusals,
  total,
  goTo,
}: {
  refusals: readonly RuleRefusal[];
  total: number;
  goTo: (line: number, column: number) => void;
}) {
  const t = useTranslations("rulesPage.plan");
  const errorText = useErrorText();
  if (total === 0) return null;
  return (
    <section aria-label={t("refused", { count: total })} className="rounded-lg border border-failed/40 bg-failed-soft">
      <div role="alert">
        <h3 className="px-3 pt-2 text-[13px] font-semibold text-failed">{t("refused", { count: total })}</h3>
      </div>
      <ul className="flex flex-col gap-1 px-3 py-2 text-[13px]">
        {refusals.slice(0, mostShown).map(({ line, column, code }) => (
          <li key={`${line}:${column}`} className="flex items-start gap-2">
            <CircleX className="mt-0.5 size-4 shrink-0 text-failed" aria-hidden="true" />
            <LineLink line={line} onGo={() => goTo(line, column)} />
            <span className="min-w-0">{errorText({ code, params: {} })}</span>
          </li>
        ))}
        {total > mostShown && <li className="text-muted">{t("andMore", { count: total - mostShown })}</li>}
      </ul>
    </section>
  );
}

/** Lines of a merge that would remove something, and do not. */
export function KeptLines({ lines, goTo }: { lines: readonly number[]; goTo: (line: number) => void }) {
  const t = useTranslations("rulesPage.plan");
  if (lines.length === 0) return null;
  return (
    <p className="flex flex-wrap items-baseline gap-x-2 gap-y-1 text-[13px]">
      <Info className="size-4 shrink-0 self-center text-muted" aria-hidden="true" />
      {t("kept", { count: lines.length })}
      {lines.slice(0, mostShown).map((line) => (
        <LineLink key={line} line={line} onGo={() => goTo(line)} />
      ))}
      {lines.length > mostShown && t("andMore", { count: lines.length - mostShown })}
    </p>
  );
}
