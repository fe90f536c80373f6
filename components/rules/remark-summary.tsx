"use client";
import { useTranslations } from "next-intl";
import type { RuleProblem } from "#domain/rules/problem";
import type { RuleCheck } from "./check/use-rule-check.ts";
import { RemarkList } from "./remark-list.tsx";
import type { RemarksOfDoc } from "./remarks-of.ts";
import type { Desk } from "./use-desk.ts";

export interface RemarkSummaryProps {
  desk: Desk;
  check: RuleCheck;
  remarks: RemarksOfDoc | null;
  sentence: (problem: RuleProblem) => string;
  goTo: (line: number, column: number) => void;
}

/** How the text stands, in one line, and what is to be said of it below. */
export function RemarkSummary({ desk, check, remarks, sentence, goTo }: RemarkSummaryProps) {
  const t = useTranslations("rulesPage.remarks");
  const many = (remarks?.totals.problems ?? 0) + (remarks?.totals.warnings ?? 0);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p role="status" className="text-[13px]">
        <Summary desk={desk} check={check} remarks={remarks} />
      </p>
      {remarks?.listing && (
        <p className="rounded-md bg-changing-soft px-2.5 py-2 text-[13px] text-changing">{t("listing")}</p>
      )}
      {remarks && many > 0 && (
        <RemarkList
          problems={remarks.problems}
          warnings={remarks.warnings}
          totals={remarks.totals}
          sentence={sentence}
          goTo={goTo}
        />
      )}
    </div>
  );
}

function Summary({ desk, check, remarks }: Pick<RemarkSummaryProps, "desk" | "check" | "remarks">) {
  const t = useTranslations("rulesPage.remarks");
  if (desk.reading) return <span className="text-muted">{t("reading")}</span>;
  if (desk.doc.length === 0) return <span className="text-muted">{t("empty")}</span>;
  if (remarks) {
    const { problems, warnings } = remarks.totals;
    if (problems === 0 && warnings === 0) return <span className="text-up">{t("sound")}</span>;
    return <span className={problems > 0 ? "font-medium text-failed" : ""}>{t("counts", { problems, warnings })}</span>;
  }
  // Looked at, and found too long for this browser.
  if (check.doc === desk.doc) return <span className="text-muted">{t("tooLong")}</span>;
  return <span className="text-muted">{t("checking")}</span>;
}
