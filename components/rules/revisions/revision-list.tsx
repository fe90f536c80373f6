"use client";
import { useTranslations } from "next-intl";
import { Badge } from "#components/ui/badge";
import { HeadCell, Table, TextCell } from "#components/ui/table-cells";
import { Moment } from "#components/units/moment";
import type { Revision } from "#domain/revision";
import { classNames } from "../../ui/class-names.ts";
import { PlanCounts } from "../plan/plan-counts.tsx";
import { useDoerText } from "./doer-text.ts";
import { OutcomeBadge } from "./outcome-badge.tsx";

const narrow = "max-md:hidden";

/** Changes of the table, newest first. */
export function RevisionList({
  revisions,
  openId,
  onOpen,
}: {
  revisions: readonly Revision[];
  openId: number | null;
  onOpen: (id: number) => void;
}) {
  const t = useTranslations("rulesPage.revisions");
  return (
    <Table label={t("title")} className="max-h-[60dvh] overflow-y-auto">
      <thead>
        <tr>
          <HeadCell>{t("when")}</HeadCell>
          <HeadCell>{t("who")}</HeadCell>
          <HeadCell>{t("what")}</HeadCell>
          <HeadCell className={narrow}>{t("note")}</HeadCell>
          <HeadCell className={narrow}>{t("outcome")}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {revisions.map((revision) => (
          <Line key={revision.id} revision={revision} open={revision.id === openId} onOpen={onOpen} />
        ))}
      </tbody>
    </Table>
  );
}

function Line({ revision, open, onOpen }: { revision: Revision; open: boolean; onOpen: (id: number) => void }) {
  const t = useTranslations("rulesPage.revisions");
  const doer = useDoerText();
  const { id, atMs, by, note, what, undoes } = revision;
  const outside = by.source === "outside";
  return (
    <tr className={classNames("align-top hover:bg-hover", open && "bg-accent-soft/50")}>
      <TextCell>
        <button
          type="button"
          aria-current={open}
          onClick={() => onOpen(id)}
          className="rounded text-left text-accent underline-offset-2 hover:underline max-sm:whitespace-normal"
        >
          <span className="sr-only">{t("revision", { id: String(id) })} </span>
          <Moment atMs={atMs} seconds />
        </button>
        <span className="block md:hidden">
          <OutcomeBadge revision={revision} />
        </span>
      </TextCell>
      <TextCell className="max-sm:whitespace-normal!">
        {outside ? <Badge tone="draining">{doer(by)}</Badge> : doer(by)}
      </TextCell>
      <TextCell className="whitespace-normal!">
        {undoes !== null && <span className="block">{t("undoes", { id: String(undoes) })}</span>}
        {Object.keys(what).length > 0 ? (
          <PlanCounts counts={what} faint />
        ) : (
          undoes === null && <span className="text-muted">{t("seen")}</span>
        )}
        {note !== null && note !== "" && <span className="block break-words md:hidden">{note}</span>}
      </TextCell>
      <TextCell className={classNames(narrow, "max-w-80 break-words whitespace-normal!")}>{note}</TextCell>
      <TextCell className={narrow}>
        <OutcomeBadge revision={revision} />
      </TextCell>
    </tr>
  );
}
