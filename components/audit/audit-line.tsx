"use client";
import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { memo, useId, useState } from "react";
import { Badge } from "#components/ui/badge";
import { TextCell } from "#components/ui/table-cells";
import { Moment } from "#components/units/moment";
import type { AuditEntry } from "#domain/audit";
import { classNames } from "../ui/class-names.ts";
import { AuditDetails } from "./audit-details.tsx";

/** Columns that a phone has no room for: their values are among the details too. */
export const narrow = "max-md:hidden";

/** An entry as it comes over the wire, where what is null may be left out. */
export type AuditRow = Omit<AuditEntry, "before" | "after"> & Partial<Pick<AuditEntry, "before" | "after">>;

/** One line; it opens to show what was before and after, and why it was refused. */
export const AuditLine = memo(function AuditLine({ entry }: { entry: AuditRow }) {
  const t = useTranslations("audit");
  const id = useId();
  const [open, setOpen] = useState(false);
  const done = entry.outcome === "done";
  // Marking a text to copy it ends in a click too.
  const toggle = () => window.getSelection()?.type !== "Range" && setOpen(!open);
  const action = t(`action.${entry.action}`);
  return (
    <>
      <tr className={classNames("hover:bg-hover", open && "bg-hover")} onClick={toggle}>
        <TextCell>
          <button
            type="button"
            aria-expanded={open}
            {...(open ? { "aria-controls": id } : {})}
            className="relative -ml-1 inline-flex items-center gap-1 rounded pr-1 text-left align-middle max-sm:whitespace-normal"
          >
            <ChevronRight
              className={classNames("size-4 shrink-0 text-muted transition-transform", open && "rotate-90")}
              aria-hidden="true"
            />
            <span>
              <Moment atMs={entry.atMs} seconds /> <span className="block md:sr-only">{action}</span>
              <span className="sr-only">{t("details")}</span>
            </span>
          </button>
        </TextCell>
        <TextCell>
          <Actor entry={entry} />
        </TextCell>
        <TextCell className={narrow}>{action}</TextCell>
        <TextCell className={classNames(narrow, "max-w-72 truncate")} title={entry.target}>
          {entry.target}
        </TextCell>
        <TextCell className={classNames(narrow, "tabular-nums")}>{entry.from || t("thisHost")}</TextCell>
        <TextCell>
          <Badge tone={done ? "up" : "failed"}>{done ? t("done") : t("refused")}</Badge>
        </TextCell>
      </tr>
      {open && (
        <tr id={id}>
          <td colSpan={6} className="border-b border-line/60 bg-sunken px-4 py-3 max-sm:px-2.5">
            <AuditDetails entry={entry} />
          </td>
        </tr>
      )}
    </>
  );
});

/** Who it was: a user by name; a program, or somebody who did not log in, with a word that says so. */
function Actor({ entry }: { entry: AuditRow }) {
  const t = useTranslations("audit");
  if (entry.actorKind === "command-line") return <span className="text-muted">{t("actorKind.command-line")}</span>;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-1.5 gap-y-0.5 max-sm:whitespace-normal">
      {entry.actor}
      {entry.actorKind !== "user" && <Badge tone="neutral">{t(`actorKind.${entry.actorKind}`)}</Badge>}
    </span>
  );
}
