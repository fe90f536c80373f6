"use client";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import type { RulesPlan } from "#domain/rules-exchange";
import { ApplyPanel } from "../apply/apply-panel.tsx";
import type { MadePlan } from "../use-plan.ts";
import { KeptLines, RefusedLines } from "./line-notes.tsx";
import { NameMeanings } from "./name-meanings.tsx";
import { PlanCounts } from "./plan-counts.tsx";
import { PlannedList } from "./planned-list.tsx";

const DiffView = dynamic(() => import("./diff-view.tsx").then((module) => module.DiffView), { ssr: false });

export interface PlanViewProps {
  made: MadePlan;
  /** the text or its mode was changed since */
  outdated: boolean;
  goTo: (line: number, column?: number) => void;
  onPlanAnew: () => void;
  onOpenRevision: (id: number) => void;
}

/** What a text would do: what stands in the way, what its names became, every change, both tables, and the way to do it. */
export function PlanView({ made, outdated, goTo, onPlanAnew, onOpenRevision }: PlanViewProps) {
  const t = useTranslations("rulesPage.plan");
  const heading = useRef<HTMLHeadingElement>(null);
  const { plan } = made;
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    heading.current?.scrollIntoView({ block: "start" });
  }, []);
  const { problems, refusals, changes } = plan.totals;
  const sound = problems === 0 && refusals === 0;
  return (
    <>
      <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
        <h2 ref={heading} id="rules-plan" tabIndex={-1} className="scroll-mt-32 text-base font-semibold outline-none">
          {t("title", { mode: plan.mode })}
        </h2>
        {sound && changes > 0 && <PlanCounts counts={plan.counts} />}
      </div>
      {outdated && (
        <div className="flex flex-wrap items-center gap-3 rounded-md bg-changing-soft px-2.5 py-2 text-changing">
          <p role="status">{t("outdated")}</p>
          <Button size="sm" onClick={onPlanAnew}>
            {t("again")}
          </Button>
        </div>
      )}
      {problems > 0 && <Alert>{t("problems", { count: problems })}</Alert>}
      <RefusedLines refusals={plan.refusals} total={refusals} goTo={goTo} />
      {plan.names.length > 0 && <NameMeanings names={plan.names} />}
      <KeptLines lines={plan.kept} goTo={goTo} />
      {sound && changes === 0 && (
        <p role="status" className="rounded-lg border border-line bg-surface px-4 py-6 text-center font-medium">
          {t(plan.after === "" && plan.before === "" ? "nothingEmpty" : "nothing")}
        </p>
      )}
      {sound && changes > 0 && (
        <>
          <PlanBody plan={plan} goTo={outdated ? null : goTo} />
          <ApplyPanel made={made} outdated={outdated} goTo={goTo} {...{ onPlanAnew, onOpenRevision }} />
        </>
      )}
    </>
  );
}

/** The changes one by one, or the table before and after. */
function PlanBody({ plan, goTo }: { plan: RulesPlan; goTo: ((line: number) => void) | null }) {
  const t = useTranslations("rulesPage.plan");
  const [shown, setShown] = useState<"changes" | "diff">("changes");
  const same = plan.before === plan.after;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <fieldset className="flex gap-1">
        <legend className="sr-only">{t("show")}</legend>
        {(["changes", "diff"] as const).map((view) => (
          <Button
            key={view}
            size="sm"
            variant={view === shown ? "secondary" : "ghost"}
            aria-pressed={view === shown}
            onClick={() => setShown(view)}
          >
            {t(view)}
          </Button>
        ))}
      </fieldset>
      {shown === "changes" ? (
        <PlannedList lines={plan.changes} total={plan.totals.changes} goTo={goTo} />
      ) : same ? (
        <p className="text-muted">{t("sameTable")}</p>
      ) : (
        <DiffView before={plan.before} after={plan.after} beforeLabel={t("before")} afterLabel={t("after")} />
      )}
    </div>
  );
}
