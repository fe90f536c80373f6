"use client";

import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { CommandPreview } from "#components/forms/command-preview";
import { OnceShown } from "#components/forms/once-shown";
import { Button } from "#components/ui/button";
import { Dialog } from "#components/ui/dialog";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { useProblemText } from "#components/words";
import type { Change } from "#domain/change";
import type { ErrorShape } from "#domain/errors";
import { problemsOf } from "#domain/problem";
import { weightSchema } from "#domain/real-server";
import { type ChosenServer, chooseServers, drains, restores, weightChanges } from "./plan.ts";
import { planCommands } from "./plan-commands.ts";
import { PlanTable } from "./plan-table.tsx";
import { useRecords } from "./records.ts";
import { UnreadDialog } from "./unread-dialog.tsx";
import { useApply } from "./use-apply.ts";
import { useChangeToasts } from "./use-change-toasts.ts";
import { useEditBlock } from "./use-edit-block.ts";
import { useNames } from "./use-names.ts";
import { useRefusalText } from "./use-refusal-text.ts";

export interface PlanDialogProps {
  kind: "weight" | "drain" | "restore";
  /** servers, and services that stand for all of theirs */
  ids: readonly string[];
  opening: number;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Weights of one or many servers: the plan, its numbers as they move, and one confirmation. All of it is done, or nothing. */
export function PlanDialog({ kind, ids, opening, onClose, onCloseAutoFocus }: PlanDialogProps) {
  const t = useTranslations("change");
  const problemText = useProblemText();
  const refusalText = useRefusalText();
  const toasts = useChangeToasts();
  const blocked = useEditBlock();
  const { apply, pending } = useApply();
  const [typed, setTyped] = useState("");
  const [touched, setTouched] = useState(false);
  const [refused, setRefused] = useState<ErrorShape | null>(null);
  const { records, refusal, read } = useRecords(ids, opening, !pending);
  const formId = useId();
  const { serverName } = useNames();
  const weightField = useRef<HTMLInputElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);

  if (!records) return <UnreadDialog {...{ refusal, read, onClose, onCloseAutoFocus }} gone={null} />;
  const { servers, missing } = chooseServers(ids, records);
  const only = servers.length === 1 ? servers[0] : undefined;
  const weight = weightSchema.safeParse(typed);
  const changes = planned(kind, servers, weight.success ? weight.data : null);
  const weightProblem = kind === "weight" && touched && !weight.success ? problemsOf(weight.error)[0] : undefined;

  async function submit() {
    setTouched(true);
    if (changes.length === 0 || pending || blocked) return;
    setRefused(null);
    const outcome = await apply(changes);
    if (outcome.ok) {
      onClose();
      toasts.planDone(kind, { changes, results: outcome.results, was: servers.map(({ server }) => server) });
    } else {
      setRefused(outcome.refusal);
      read();
    }
  }

  return (
    <Dialog
      open
      keepOpen={kind === "weight" && typed !== ""}
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      title={
        only
          ? t(`planTitleOne.${kind}`, { server: serverName(only.server.spec) })
          : t(`planTitle.${kind}`, { count: servers.length })
      }
      description={t(`planHelp.${kind}`)}
      footer={
        <>
          {blocked && (
            <p role="status" className="mr-auto text-xs text-changing">
              {blocked}
            </p>
          )}
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            ref={confirm}
            type="submit"
            form={formId}
            variant="primary"
            busy={pending}
            disabled={blocked !== null || (changes.length === 0 && (kind !== "weight" || weight.success))}
          >
            {t(`planSubmit.${kind}`, { count: changes.length })}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {refused && (
          <p role="alert" className="rounded-md bg-failed-soft px-2.5 py-2 text-failed">
            {refusalText(refused, changes.length > 1)}
            {refused.code === "CONFLICT" && ` ${t("planReadAgain")}`}
          </p>
        )}
        {kind === "weight" && (
          <Field
            label={t("weight")}
            error={weightProblem && problemText(weightProblem)}
            help={t("weightHelp")}
            className="max-w-60"
          >
            <Input
              ref={weightField}
              tabular
              inputMode="numeric"
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onBlur={() => typed !== "" && setTouched(true)}
            />
          </Field>
        )}
        {kind === "drain" && servers.some(({ service }) => service.spec.persistence) && (
          <p className="rounded-md bg-changing-soft px-2.5 py-2 text-changing">{t("persistentStillCome")}</p>
        )}
        {missing.length > 0 && <p className="text-muted">{t("missing", { count: missing.length })}</p>}
        <OnceShown run={() => (weightField.current ?? confirm.current)?.focus()} />
        <PlanTable servers={servers} changes={changes} kind={kind} />
        {changes.length > 0 && <CommandPreview command={planCommands(changes, servers)} />}
      </form>
    </Dialog>
  );
}

function planned(kind: PlanDialogProps["kind"], servers: readonly ChosenServer[], weight: number | null): Change[] {
  if (kind === "drain") return drains(servers);
  if (kind === "restore") return restores(servers);
  return weight === null ? [] : weightChanges(servers, weight);
}
