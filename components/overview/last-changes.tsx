"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { NotThere } from "#components/changes/not-there";
import { PlanCounts } from "#components/rules/plan/plan-counts";

import { OutcomeBadge } from "#components/rules/revisions/outcome-badge";
import { useTRPC } from "#components/trpc";
import { Moment } from "#components/units/moment";
import type { Revision } from "#domain/revision";
import { useDoerText } from "../rules/revisions/doer-text.ts";
import { Badge } from "../ui/badge.tsx";

const shown = 5;
/** Others change the table too. */
const askEveryMs = 15_000;

/** What was done to the table last, by whom, and the way to all of it. */
export function LastChanges() {
  const t = useTranslations("overview");
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.rules.revisions.queryOptions({ beforeId: null, limit: shown }, { staleTime: 0, refetchInterval: askEveryMs }),
  );
  return (
    <section aria-labelledby="overview-changes" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 id="overview-changes" className="text-base font-semibold">
          {t("lastChanges")}
        </h2>
        <Link href="/rules?view=revisions" className="ml-auto text-accent hover:underline">
          {t("allChanges")}
        </Link>
      </div>
      {!data ? (
        <NotThere error={error} retry={() => void refetch()} />
      ) : data.revisions.length === 0 ? (
        <p className="rounded-lg border border-line bg-surface px-4 py-3">{t("noChanges")}</p>
      ) : (
        <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
          {data.revisions.map((revision) => (
            <Change key={revision.id} revision={revision} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Change({ revision }: { revision: Revision }) {
  const t = useTranslations("rulesPage.revisions");
  const doer = useDoerText();
  const { id, atMs, by, note, what, undoes } = revision;
  return (
    <li className="flex flex-wrap items-baseline gap-x-4 gap-y-1 px-4 py-2">
      <Link href={`/rules?view=revisions&revision=${id}`} className="text-accent hover:underline">
        <span className="sr-only">{t("revision", { id: String(id) })} </span>
        <Moment atMs={atMs} seconds />
      </Link>
      {by.source === "outside" ? <Badge tone="draining">{doer(by)}</Badge> : <span>{doer(by)}</span>}
      {undoes !== null && <span>{t("undoes", { id: String(undoes) })}</span>}
      {Object.keys(what).length > 0 ? (
        <PlanCounts counts={what} faint />
      ) : (
        undoes === null && <span className="text-muted">{t("seen")}</span>
      )}
      {note !== null && note !== "" && <span className="min-w-0 break-words text-muted">{note}</span>}
      <span className="ml-auto">
        <OutcomeBadge revision={revision} />
      </span>
    </li>
  );
}
