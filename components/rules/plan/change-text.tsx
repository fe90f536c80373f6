"use client";
import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Change } from "#domain/change";
import { useFieldWords } from "../../changes/use-field-words.ts";
import { useNames } from "../../changes/use-names.ts";
import { changeDetails } from "./change-details.ts";

/** One change in words: what is done to what, and the settings that come with it. */
export function ChangeText({ change }: { change: Change }) {
  const t = useTranslations("rulesPage.plan");
  const { serverName } = useNames();
  const details = changeDetails(change);
  const server = "server" in change ? serverName(change.server) : "";
  return (
    <>
      <span className="tabular-nums">
        {change.verb === "zero" && change.service === null ? t("verb.zero-all") : t(`verb.${change.verb}`, { server })}
      </span>
      {details.kind === "options" && (
        <code className="ml-2 font-mono text-[12.5px] break-words text-muted">{details.text}</code>
      )}
      {details.kind === "fields" && <Fields fields={details.fields} />}
    </>
  );
}

function Fields({ fields }: { fields: Extract<ReturnType<typeof changeDetails>, { kind: "fields" }>["fields"] }) {
  const t = useTranslations("rulesPage.plan");
  const { label, value } = useFieldWords();
  return (
    <ul className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5 text-muted">
      {fields.map(({ field, seen, yours }) => (
        <li key={field} className="tabular-nums">
          {label(field)} <span className="line-through decoration-1">{value(field, seen)}</span>
          <ArrowRight className="mx-1 inline size-3.5" role="img" aria-label={t("becomes")} />
          <b className="font-semibold text-ink">{value(field, yours)}</b>
        </li>
      ))}
    </ul>
  );
}
