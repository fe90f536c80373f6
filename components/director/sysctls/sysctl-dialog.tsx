"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { CommandPreview } from "#components/forms/command-preview";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { Select } from "#components/ui/select";
import { toast } from "#components/ui/toaster";
import { canonicalSysctl, factsOf, type Sysctl, sysctlChangeSchema, sysctlCommand } from "#domain/sysctl";
import { useHostBlock } from "../../changes/use-edit-block.ts";
import { useRefusalText } from "../../changes/use-refusal-text.ts";
import { SmallFormDialog } from "../../people/form-dialog.tsx";
import { useSmallForm } from "../../people/use-small-form.ts";
import { useTyped } from "../use-typed.ts";
import { useSysctlWords } from "./use-sysctl-words.ts";

export interface SysctlDialogProps {
  /** as it was when the dialog was opened */
  sysctl: Sysctl;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** What can be chosen: of a mode never 2, which the kernel makes of 1 by itself. */
const choices: Partial<Record<string, readonly string[]>> = { mode: ["0", "1", "3"], switch: ["0", "1"] };

/** Sets one sysctl, with the command that does the same. */
export function SysctlDialog({ sysctl, onClose, onCloseAutoFocus }: SysctlDialogProps) {
  const t = useTranslations("directorPage.sysctls");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const refusalText = useRefusalText();
  const blocked = useHostBlock();
  const words = useSysctlWords();
  const { name } = sysctl;
  const facts = factsOf(name);
  const now = sysctl.value ?? "";
  const offered = (facts && choices[facts.form]) ?? null;
  const start = facts?.form === "mode" && now === "2" ? "1" : now;
  const [typed, onInput] = useTyped({ value: start });
  // What the person decides on; a conflict shows what it is by then, and whoever goes on has seen that.
  const [seen, setSeen] = useState(sysctl.value);
  const form = useSmallForm({
    schema: sysctlChangeSchema,
    input: ({ value = "" }) => ({ name, value, ...(seen === null ? {} : { expected: seen }) }),
    refusalText: (refusal) => {
      const moved = refusal.code === "CONFLICT" ? (refusal.current as Sysctl | undefined) : undefined;
      return moved ? t("conflict", { value: words.value(name, moved.value ?? "") }) : refusalText(refusal);
    },
    send: async (change) => {
      const answered = await call(() => client.director.setSysctl.mutate(change));
      if (!answered.ok && answered.refusal?.code === "CONFLICT" && answered.refusal.current)
        setSeen((answered.refusal.current as Sysctl).value);
      return answered;
    },
    onDone: (set) => {
      queries.setQueryData(trpc.director.sysctls.queryKey(), (all) =>
        all?.map((each) => (each.name === name ? set : each)),
      );
      onClose();
      toast("success", t("done", { name, value: words.value(name, set.value ?? "") }));
    },
  });
  const handlers = {
    ...form.handlers,
    onInput: (event: FormEvent) => {
      form.handlers.onInput(event);
      onInput(event);
    },
  };
  const written = canonicalSysctl(typed.value);
  const effect = words.effect(name);
  return (
    <SmallFormDialog
      title={t("editTitle", { name })}
      description={words.meaning(name)}
      submitLabel={t("submit")}
      form={{ ...form, handlers }}
      blocked={blocked}
      onClose={onClose}
      onCloseAutoFocus={onCloseAutoFocus}
    >
      {effect !== null && <p className="text-[13px] text-muted">{effect}</p>}
      <Field label={t("value")} error={form.problemAt("value")} help={words.range(name) ?? undefined}>
        {offered ? (
          <Select name="value" defaultValue={start}>
            {[...new Set([...offered, start])].map((value) => (
              <option key={value} value={value}>
                {words.value(name, value)}
              </option>
            ))}
          </Select>
        ) : (
          <Input name="value" tabular autoComplete="off" spellCheck={false} defaultValue={now} />
        )}
      </Field>
      <p className="text-xs text-muted">{t("untilReboot")}</p>
      <CommandPreview command={sysctlCommand(name, written === "" && facts?.form !== "cpus" ? "…" : written)} />
    </SmallFormDialog>
  );
}
