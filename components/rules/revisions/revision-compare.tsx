"use client";
import { useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useTRPC } from "#components/trpc";
import { Field } from "#components/ui/field";
import { Select } from "#components/ui/select";
import { useMomentText } from "#components/units/moment";
import type { Revision, RevisionTexts } from "#domain/revision";
import { NotThere } from "../../changes/not-there.tsx";

const DiffView = dynamic(() => import("../plan/diff-view.tsx").then((module) => module.DiffView), { ssr: false });
const TextView = dynamic(() => import("../editor/text-view.tsx").then((module) => module.TextView), { ssr: false });

/** A revision's text: against the table before it, as it is, against the table now, or against another revision. */
export function RevisionCompare({ revision, known }: { revision: RevisionTexts; known: readonly Revision[] }) {
  const t = useTranslations("rulesPage.compare");
  const moment = useMomentText(true);
  const [choice, setChoice] = useState("before");
  const others = known.filter(({ id }) => id !== revision.id);
  const label = t("after", { id: String(revision.id) });
  if (revision.afterText === null) return null;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field label={t("title")} className="max-w-96">
        <Select value={choice} onChange={(event) => setChoice(event.target.value)}>
          {revision.beforeText !== null && <option value="before">{t("withBefore")}</option>}
          <option value="now">{t("withNow")}</option>
          <option value="text">{t("alone")}</option>
          {others.map(({ id, atMs }) => (
            <option key={id} value={String(id)}>
              {t("withOther", { id: String(id), time: moment(atMs) })}
            </option>
          ))}
        </Select>
      </Field>
      {choice === "before" && revision.beforeText !== null && (
        <Compared
          before={revision.beforeText}
          after={revision.afterText}
          beforeLabel={t("before")}
          afterLabel={label}
        />
      )}
      {choice === "now" && <WithNow text={revision.afterText} label={label} />}
      {choice === "text" && <TextView text={revision.afterText} label={label} />}
      {/^\d+$/.test(choice) && <WithOther id={Number(choice)} text={revision.afterText} label={label} />}
    </div>
  );
}

function Compared(props: { before: string; after: string; beforeLabel: string; afterLabel: string }) {
  const t = useTranslations("rulesPage.compare");
  if (props.before === props.after) return <p className="text-muted">{t("same")}</p>;
  return <DiffView {...props} />;
}

function WithNow({ text, label }: { text: string; label: string }) {
  const t = useTranslations("rulesPage.compare");
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.rules.text.queryOptions(undefined, { staleTime: 0 }));
  if (!data) return <NotThere error={error} retry={() => void refetch()} />;
  return <Compared before={text} after={data.text} beforeLabel={label} afterLabel={t("now")} />;
}

function WithOther({ id, text, label }: { id: number; text: string; label: string }) {
  const t = useTranslations("rulesPage.compare");
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.rules.revision.queryOptions({ id }));
  if (!data) return <NotThere error={error} retry={() => void refetch()} />;
  if (data.afterText === null) return <p className="text-muted">{t("gone")}</p>;
  return (
    <Compared before={data.afterText} after={text} beforeLabel={t("after", { id: String(id) })} afterLabel={label} />
  );
}
