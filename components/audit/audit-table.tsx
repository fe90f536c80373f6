"use client";
import { useTranslations } from "next-intl";
import { HeadCell, Table } from "#components/ui/table-cells";
import { AuditLine, type AuditRow, narrow } from "./audit-line.tsx";

/** Lines of the audit, newest first. `faint`: they are those of the filters before, and new ones are on their way. */
export function AuditTable({ entries, faint }: { entries: readonly AuditRow[]; faint: boolean }) {
  const t = useTranslations("audit");
  return (
    <Table label={t("table")} className={faint ? "opacity-60" : ""}>
      <thead>
        <tr>
          <HeadCell>{t("time")}</HeadCell>
          <HeadCell>{t("actor")}</HeadCell>
          <HeadCell className={narrow}>{t("what")}</HeadCell>
          <HeadCell className={narrow}>{t("target")}</HeadCell>
          <HeadCell className={narrow}>{t("from")}</HeadCell>
          <HeadCell>{t("outcome")}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <AuditLine key={entry.id} entry={entry} />
        ))}
      </tbody>
    </Table>
  );
}
