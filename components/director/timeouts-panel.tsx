"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CommandPreview } from "#components/forms/command-preview";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { toast } from "#components/ui/toaster";
import { formatHostChange } from "#domain/rules/format-host-change";
import { maxTimeoutS, type Timeouts, timeoutsSchema } from "#domain/timeouts";
import { NotThere } from "../changes/not-there.tsx";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { useRefusalText } from "../changes/use-refusal-text.ts";
import { draft, typedNumber } from "../forms/draft-text.ts";
import { Section } from "../people/section.tsx";
import { useSmallForm } from "../people/use-small-form.ts";
import { useUnits } from "../units/use-units.ts";
import { hostReadMs } from "./host-read-ms.ts";

const names = ["tcpS", "tcpFinS", "udpS"] as const;
type Typed = Partial<Record<(typeof names)[number], string>>;

/** The three timeouts that can be set: how they are, and for who may, a form with them. */
export function TimeoutsPanel() {
  const t = useTranslations("directorPage.timeouts");
  const trpc = useTRPC();
  const { duration } = useUnits();
  const { data, error, refetch } = useQuery(
    trpc.director.timeouts.queryOptions(undefined, { staleTime: 0, refetchInterval: hostReadMs }),
  );
  const mayEdit = useMayEdit();
  return (
    <Section title={t("title")} help={t("help")}>
      {data ? (
        <div className="flex flex-col gap-4 rounded-lg border border-line bg-surface px-4 py-3">
          <dl className="flex flex-wrap gap-x-10 gap-y-2">
            {names.map((name) => (
              <div key={name}>
                <dt className="text-xs text-muted">{t(`name.${name}`)}</dt>
                <dd className="font-medium tabular-nums" title={t("seconds", { count: data[name] })}>
                  {duration(data[name])}
                </dd>
              </div>
            ))}
          </dl>
          {mayEdit && <TimeoutsForm now={data} />}
        </div>
      ) : (
        <NotThere error={error} retry={() => void refetch()} />
      )}
    </Section>
  );
}

function TimeoutsForm({ now }: { now: Timeouts }) {
  const t = useTranslations("directorPage.timeouts");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const refusalText = useRefusalText();
  const blocked = useEditBlock();
  // What was not touched follows the kernel.
  const [typed, setTyped] = useState<Typed>({});
  const textOf = (name: (typeof names)[number]) => typed[name] ?? String(now[name]);
  const form = useSmallForm({
    schema: timeoutsSchema,
    refusalText,
    send: async (timeouts) => {
      const answered = await call(() => client.director.setTimeouts.mutate({ ...timeouts, expected: now }));
      // What they are by then stands beside the refusal, and whoever goes on has seen it.
      if (!answered.ok && answered.refusal?.code === "CONFLICT")
        await queries.invalidateQueries({ queryKey: trpc.director.timeouts.queryKey() });
      return answered;
    },
    onDone: (set) => {
      queries.setQueryData(trpc.director.timeouts.queryKey(), set);
      setTyped({});
      toast("success", t("done"));
    },
  });
  const timeouts = {
    tcpS: typedNumber(textOf("tcpS")),
    tcpFinS: typedNumber(textOf("tcpFinS")),
    udpS: typedNumber(textOf("udpS")),
  };
  return (
    <form {...form.handlers} className="flex flex-col gap-3 border-t border-line pt-3">
      {form.alert && <Alert>{form.alert}</Alert>}
      <div className="grid gap-3 sm:grid-cols-3">
        {names.map((name) => (
          <Field
            key={name}
            label={t("field", { name: t(`name.${name}`) })}
            error={form.problemAt(name)}
            help={timeouts[name] === 0 ? t("keeps", { now: now[name] }) : t(`what.${name}`)}
          >
            <Input
              name={name}
              tabular
              inputMode="numeric"
              autoComplete="off"
              value={textOf(name)}
              onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
            />
          </Field>
        ))}
      </div>
      <p className="text-xs text-muted">{t("range", { max: maxTimeoutS })}</p>
      <CommandPreview command={draft(formatHostChange({ verb: "set-timeouts", timeouts }))} />
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="primary" busy={form.pending} disabled={blocked !== null}>
          {t("submit")}
        </Button>
        {blocked && (
          <p role="status" className="text-xs text-changing">
            {blocked}
          </p>
        )}
      </div>
    </form>
  );
}
