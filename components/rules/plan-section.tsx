"use client";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { useRefusalText } from "../changes/use-refusal-text.ts";
import type { Desk } from "./use-desk.ts";

const PlanView = dynamic(() => import("./plan/plan-view.tsx").then((module) => module.PlanView), { ssr: false });

export interface PlanSectionProps {
  desk: Desk;
  goTo: (line: number, column?: number) => void;
  onOpenRevision: (id: number) => void;
}

/** What the text would do, once it was asked for. */
export function PlanSection({ desk, goTo, onOpenRevision }: PlanSectionProps) {
  const t = useTranslations("rulesPage");
  const refusalText = useRefusalText();
  const { plan } = desk;
  if (plan.kind === "none") return null;
  return (
    <section aria-labelledby="rules-plan" className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
      {plan.kind !== "made" && (
        <h2 id="rules-plan" className="text-base font-semibold">
          {t("plan.title", { mode: plan.mode })}
        </h2>
      )}
      {plan.kind === "asking" && (
        <p role="status" className="text-muted">
          {t("plan.asking")}
        </p>
      )}
      {plan.kind === "refused" && (
        <div className="flex flex-wrap items-center gap-2">
          <Alert>{refusalText(plan.refusal)}</Alert>
          <Button onClick={desk.showPlan}>{t("tryAgain")}</Button>
        </div>
      )}
      {plan.kind === "made" && (
        <PlanView
          // A note or a typed name belongs to the plan that it was typed for.
          key={plan.number}
          made={plan}
          outdated={desk.current === null}
          goTo={goTo}
          onPlanAnew={desk.showPlan}
          onOpenRevision={onOpenRevision}
        />
      )}
    </section>
  );
}
