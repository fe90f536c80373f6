"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useMay } from "#components/session/me";
import { useTRPC } from "#components/trpc";
import { Button } from "#components/ui/button";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { maxNoteLength } from "#domain/revision";
import { confirmSSchema, usualConfirmS } from "#domain/rules-exchange";
import { useEditBlock } from "../../changes/use-edit-block.ts";
import { destroys } from "../plan/sign.ts";
import type { MadePlan } from "../use-plan.ts";
import { ApplyRefusal } from "./apply-refusal.tsx";
import { ApplyResult } from "./apply-result.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { ConfirmTimer, type TimerChoice } from "./confirm-timer.tsx";
import { JobLine } from "./job-line.tsx";
import { type ApplyChoice, useRulesApply } from "./use-rules-apply.ts";

export interface ApplyPanelProps {
  made: MadePlan;
  outdated: boolean;
  goTo: (line: number) => void;
  onPlanAnew: () => void;
  onOpenRevision: (id: number) => void;
}

/** The way from a plan to the table: why, whether it goes back by itself, and for what destroys something a question before it. */
export function ApplyPanel({ made, outdated, goTo, onPlanAnew, onOpenRevision }: ApplyPanelProps) {
  const t = useTranslations("rulesPage.apply");
  const trpc = useTRPC();
  const { plan } = made;
  const may = useMay(plan.needs);
  const blocked = useEditBlock();
  const { data: status } = useQuery(trpc.director.status.queryOptions(undefined, { staleTime: 60_000 }));
  const { state, apply, cancel } = useRulesApply(made);
  const asks = plan.mode === "replace" || destroys(plan.counts);
  const [note, setNote] = useState("");
  const [timer, setTimer] = useState<TimerChoice>({ on: asks, seconds: String(usualConfirmS) });
  const [asking, setAsking] = useState(false);

  if (!may) return <p className="text-[13px] text-muted">{t("needs", { role: plan.needs })}</p>;
  if (state.kind === "done") return <ApplyResult applied={state.applied} onOpenRevision={onOpenRevision} />;
  if (state.kind === "running") return <JobLine {...state} total={plan.totals.changes} onCancel={cancel} />;

  const confirmS = confirmSSchema.safeParse(timer.seconds.trim() === "" ? null : Number(timer.seconds));
  const timerWrong = timer.on && !confirmS.success;
  const choice: ApplyChoice = { note, confirmS: timer.on && confirmS.success ? confirmS.data : null };
  const start = () => {
    setAsking(false);
    void apply(choice);
  };

  return (
    <section aria-label={t("title")} className="flex flex-col gap-3 rounded-lg border border-line bg-surface px-4 py-3">
      {state.kind === "refused" && (
        <ApplyRefusal refusal={state.refusal} plan={plan} goTo={outdated ? null : goTo} onPlanAnew={onPlanAnew} />
      )}
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t("note")} help={t("noteHelp")}>
          <Input
            maxLength={maxNoteLength}
            autoComplete="off"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        <ConfirmTimer choice={timer} onChange={setTimer} wrong={timerWrong} />
      </div>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          variant={asks ? "danger" : "primary"}
          disabled={blocked !== null || outdated || timerWrong}
          onClick={() => (asks ? setAsking(true) : start())}
        >
          {t(`submit.${plan.mode}`, { count: plan.totals.changes })}
        </Button>
        {(blocked ?? (outdated ? t("outdated") : null)) && (
          <p role="status" className="text-[13px] text-changing">
            {blocked ?? t("outdated")}
          </p>
        )}
      </div>
      {asking && (
        <ConfirmDialog
          plan={plan}
          host={status?.host ?? ""}
          confirmS={choice.confirmS}
          blocked={blocked}
          onConfirm={start}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}
