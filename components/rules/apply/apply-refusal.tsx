"use client";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import type { ErrorShape } from "#domain/errors";
import type { RulesPlan } from "#domain/rules-exchange";
import { useRefusalText } from "../../changes/use-refusal-text.ts";
import { LineLink } from "../line-link.tsx";

export interface ApplyRefusalProps {
  /** null: the password was asked for and not given */
  refusal: ErrorShape | null;
  plan: RulesPlan;
  goTo: ((line: number) => void) | null;
  onPlanAnew: () => void;
}

/** Why nothing was done, at its line where it has one, and what leads on. */
export function ApplyRefusal({ refusal, plan, goTo, onPlanAnew }: ApplyRefusalProps) {
  const t = useTranslations("rulesPage.apply");
  const refusalText = useRefusalText();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  if (!refusal) return <Alert>{t("notConfirmed")}</Alert>;
  const line = lineOf(refusal, plan);
  // The plan was made for a table, or for names, that are others by now.
  const moved = refusal.code === "CONFLICT" || refusal.code === "INVALID";
  return (
    <div ref={box} tabIndex={-1} className="flex flex-wrap items-center gap-2 outline-none">
      <Alert>{moved ? t("moved") : refusalText(refusal)}</Alert>
      {line !== null && goTo && <LineLink line={line} onGo={() => goTo(line)} />}
      {moved && (
        <Button size="sm" onClick={onPlanAnew}>
          {t("planAnew")}
        </Button>
      )}
    </div>
  );
}

/** The line that was refused: named, or known by the place of its change in the plan. */
export function lineOf({ params, changeIndex }: ErrorShape, plan: Pick<RulesPlan, "changes">): number | null {
  const line = Number(params["line"]);
  if (Number.isInteger(line) && line > 0) return line;
  return changeIndex === undefined ? null : (plan.changes[changeIndex]?.line ?? null);
}
