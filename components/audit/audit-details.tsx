"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { AuditRow } from "./audit-line.tsx";
import { type ChangedField, changedFields } from "./changed-fields.ts";
import { useOutcomeText } from "./use-outcome-text.ts";

const maxFields = 200;

/** All that was kept of one line: to what, from where, why not, and what is different since. */
export function AuditDetails({ entry }: { entry: AuditRow }) {
  const t = useTranslations("audit");
  const outcomeText = useOutcomeText();
  const fields = changedFields(entry.before, entry.after);
  return (
    <div className="flex flex-col gap-2 text-[13px]">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
        {entry.target !== "" && <Detail name={t("target")}>{entry.target}</Detail>}
        <Detail name={t("from")}>{entry.from || t("thisHost")}</Detail>
        {entry.outcome !== "done" && <Detail name={t("why")}>{outcomeText(entry.outcome)}</Detail>}
      </dl>
      {fields.length > 0 && <Fields fields={fields} />}
    </div>
  );
}

function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words whitespace-normal tabular-nums">{children}</dd>
    </>
  );
}

function Fields({ fields }: { fields: readonly ChangedField[] }) {
  const t = useTranslations("audit");
  const head = "border-b border-line py-1 pr-4 text-left text-xs font-medium text-muted";
  const cell = "border-b border-line/60 py-1 pr-4 align-top font-mono text-xs wrap-anywhere";
  return (
    <div>
      <table className="w-full max-w-3xl table-fixed border-collapse">
        <thead>
          <tr>
            <th scope="col" className={`${head} w-2/5`}>
              {t("field")}
            </th>
            <th scope="col" className={head}>
              {t("before")}
            </th>
            <th scope="col" className={head}>
              {t("after")}
            </th>
          </tr>
        </thead>
        <tbody>
          {fields.slice(0, maxFields).map(({ path, before, after }) => (
            <tr key={path}>
              <th
                scope="row"
                className="border-b border-line/60 py-1 pr-4 text-left align-top text-xs font-normal wrap-anywhere"
              >
                {path === "" ? t("whole") : path}
              </th>
              <td className={cell}>
                {before === null ? t("nothing") : <del className="text-failed no-underline">{before}</del>}
              </td>
              <td className={cell}>
                {after === null ? t("nothing") : <ins className="text-up no-underline">{after}</ins>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {fields.length > maxFields && (
        <p className="mt-1 text-xs text-muted">{t("andMore", { count: fields.length - maxFields })}</p>
      )}
    </div>
  );
}
