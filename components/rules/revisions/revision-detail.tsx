"use client";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { useTRPC } from "#components/trpc";
import { Button } from "#components/ui/button";
import { Moment } from "#components/units/moment";
import type { Revision, RevisionTexts } from "#domain/revision";
import { NotThere } from "../../changes/not-there.tsx";
import { PlanCounts } from "../plan/plan-counts.tsx";
import { useDoerText } from "./doer-text.ts";
import { OutcomeBadge } from "./outcome-badge.tsx";
import { RevisionActions } from "./revision-actions.tsx";
import { RevisionCompare } from "./revision-compare.tsx";
import type { RevisionsPanelProps } from "./revisions-panel.tsx";

export interface RevisionDetailProps {
  id: number;
  /** those of the list, to compare with */
  known: readonly Revision[];
  onClose: () => void;
  onLoad: RevisionsPanelProps["onLoad"];
}

/** One change: who, why and what, its text against another, and the way back to it. */
export function RevisionDetail({ id, known, onClose, onLoad }: RevisionDetailProps) {
  const t = useTranslations("rulesPage.revisions");
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.rules.revision.queryOptions({ id }));
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section aria-labelledby="rules-revision" className="flex min-w-0 flex-col gap-3 border-t border-line pt-4">
      <div className="flex items-center gap-2">
        <h2
          ref={heading}
          id="rules-revision"
          tabIndex={-1}
          className="mr-auto text-base font-semibold tabular-nums outline-none"
        >
          {t("revision", { id: String(id) })}
        </h2>
        <Button variant="ghost" size="icon" aria-label={t("close")} title={t("close")} onClick={onClose}>
          <X className="size-4" aria-hidden="true" />
        </Button>
      </div>
      {data ? (
        <>
          <Facts revision={data} />
          <RevisionActions revision={data} onLoad={onLoad} />
          <RevisionCompare revision={data} known={known} />
        </>
      ) : (
        <NotThere error={error} retry={() => void refetch()} />
      )}
    </section>
  );
}

function Facts({ revision }: { revision: RevisionTexts }) {
  const t = useTranslations("rulesPage.revisions");
  const doer = useDoerText();
  const { by, atMs, note, what, left, undoes } = revision;
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px]">
        <Moment atMs={atMs} seconds />
        <span>{doer(by)}</span>
        {by.from !== undefined && by.from !== "" && <span className="text-muted tabular-nums">{by.from}</span>}
        <OutcomeBadge revision={revision} />
        <PlanCounts counts={what} />
        {undoes !== null && <span>{t("undoes", { id: String(undoes) })}</span>}
      </div>
      {note !== null && note !== "" && <p className="break-words">{note}</p>}
      {left.length > 0 && (
        <div className="rounded-md bg-failed-soft px-2.5 py-2 text-[13px] text-failed">
          <p>{t("leftOver", { count: left.length })}</p>
          <ul className="mt-1 list-inside list-disc tabular-nums">
            {left.slice(0, 20).map((row) => (
              <li key={row}>{row}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
