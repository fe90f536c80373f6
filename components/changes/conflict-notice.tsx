"use client";

import { useTranslations } from "next-intl";
import { useRef } from "react";
import { OnceShown } from "#components/forms/once-shown";
import { Button } from "#components/ui/button";
import { HeadCell, Table, TextCell } from "#components/ui/table-cells";
import type { FormConflict } from "../forms/use-change-form.ts";
import { differences, type FieldValue } from "./differences.ts";
import { useFieldWords } from "./use-field-words.ts";

export interface ConflictNoticeProps<Values, Field extends string & keyof Values> {
  /** in the order they are shown */
  fields: readonly Field[];
  conflict: FormConflict<Values> | null;
  gone: boolean;
}

/** Someone else was quicker: what it was, what they made of it and what you typed, and the two ways on. Nothing is lost by reading. */
export function ConflictNotice<Values extends { [F in Field]: FieldValue }, Field extends string & keyof Values>({
  fields,
  conflict,
  gone,
}: ConflictNoticeProps<Values, Field>) {
  const t = useTranslations("change");
  const words = useFieldWords();
  const merge = useRef<HTMLButtonElement>(null);
  if (gone) {
    return (
      <p role="alert" className="rounded-md bg-changing-soft px-3 py-2 text-changing">
        {t("gone")}
      </p>
    );
  }
  if (!conflict) return null;
  const rows = differences(fields, conflict.seen, conflict.theirs, conflict.yours);
  return (
    <section
      role="alert"
      aria-label={t("conflictTitle")}
      className="rounded-md border border-changing/50 bg-changing-soft/40 p-3"
    >
      <h3 className="font-semibold">{t("conflictTitle")}</h3>
      <p className="mt-0.5 mb-2.5 text-[13px] text-muted">
        {rows.some((row) => row.clashes) ? t("conflictClash") : t("conflictApart")}
      </p>
      <Table label={t("conflictTitle")}>
        <thead>
          <tr>
            <HeadCell>{t("conflictField")}</HeadCell>
            <HeadCell>{t("conflictSeen")}</HeadCell>
            <HeadCell>{t("conflictTheirs")}</HeadCell>
            <HeadCell>{t("conflictYours")}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.field} className={row.clashes ? "font-semibold" : ""}>
              <TextCell>{words.label(row.field)}</TextCell>
              <TextCell className="text-muted">{words.value(row.field, row.seen)}</TextCell>
              <TextCell>{words.value(row.field, row.theirs)}</TextCell>
              <TextCell>{words.value(row.field, row.yours)}</TextCell>
            </tr>
          ))}
        </tbody>
      </Table>
      <div className="mt-3 flex flex-wrap gap-2">
        <OnceShown run={() => merge.current?.focus()} />
        <Button ref={merge} size="sm" onClick={conflict.keepMine}>
          {t("keepMine")}
        </Button>
        <Button size="sm" onClick={conflict.takeTheirs}>
          {t("takeTheirs")}
        </Button>
      </div>
    </section>
  );
}
