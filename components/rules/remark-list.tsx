"use client";
import { CircleX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button";
import type { RuleProblem } from "#domain/rules/problem";
import { LineLink } from "./line-link.tsx";

const shownAtOnce = 50;

export interface RemarkListProps {
  problems: readonly RuleProblem[];
  warnings: readonly RuleProblem[];
  totals: { problems: number; warnings: number };
  sentence: (problem: RuleProblem) => string;
  goTo: (line: number, column: number) => void;
}

/** Every remark about the text as a list, errors first, each with a link to its line: the marks in the editor in words. */
export function RemarkList({ problems, warnings, totals, sentence, goTo }: RemarkListProps) {
  const t = useTranslations("rulesPage.remarks");
  const [most, setMost] = useState(shownAtOnce);
  const all = [...problems, ...warnings];
  const left = totals.problems + totals.warnings - Math.min(most, all.length);
  return (
    <section
      aria-label={t("title")}
      className="flex max-h-[60dvh] flex-col overflow-y-auto rounded-lg border border-line bg-surface"
    >
      <ul className="divide-y divide-line/60">
        {all.slice(0, most).map((problem, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: one place may have two remarks of one kind
          <li key={index} className="flex items-start gap-2 px-3 py-1.5 text-[13px]">
            {index < problems.length ? (
              <CircleX className="mt-0.5 size-4 shrink-0 text-failed" role="img" aria-label={t("error")} />
            ) : (
              <TriangleAlert className="mt-0.5 size-4 shrink-0 text-changing" role="img" aria-label={t("warning")} />
            )}
            <LineLink line={problem.line} onGo={() => goTo(problem.line, problem.column)} />
            <span className="min-w-0 break-words">{sentence(problem)}</span>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <p className="flex flex-wrap items-center gap-2 border-t border-line/60 px-3 py-1.5 text-[13px] text-muted">
          {t("andMore", { count: left })}
          {most < all.length && (
            <Button size="sm" onClick={() => setMost(most + shownAtOnce * 4)}>
              {t("showMore")}
            </Button>
          )}
        </p>
      )}
    </section>
  );
}
