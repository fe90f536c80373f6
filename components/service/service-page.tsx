"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect } from "react";
import { useTRPC } from "#components/trpc";
import type { ServiceRecord } from "#domain/table";
import { errorShapeOf } from "../changes/error-shape.ts";
import { useFollowed, useLiveState } from "../live/use-live.ts";
import { useErrorText } from "../words.tsx";
import { ServersTable } from "./servers-table.tsx";
import { ServiceCharts } from "./service-charts.tsx";
import { ServiceHead } from "./service-head.tsx";
import { ServiceNumbers } from "./service-numbers.tsx";
import { ServiceRules } from "./service-rules.tsx";

/** One virtual service: how it is set, what passes through each of its real servers, its rules as text. */
export function ServicePage({ id }: { id: string }) {
  const t = useTranslations("service");
  const errorText = useErrorText();
  const { record, refusal, gone } = useServiceRecord(id);
  return (
    <div data-stale={gone} className="mx-auto flex w-full max-w-[1600px] flex-col gap-4 p-4 max-sm:p-3">
      <nav aria-label={t("path")} className="-mb-3 text-[13px]">
        <Link href="/services" className="text-accent hover:underline">
          {t("services")}
        </Link>
      </nav>
      {!record && <h1 className="text-lg font-semibold">{id}</h1>}
      {(gone || refusal) && (
        <p role="alert" className="rounded-lg border border-line bg-failed-soft px-4 py-3">
          {gone ? t(record ? "removed" : "unknown") : refusal && errorText(refusal)}
        </p>
      )}
      {record && (
        <>
          <ServiceHead record={record} gone={gone} />
          <ServiceNumbers id={id} />
          <ServiceCharts record={record} />
          <ServersTable record={record} />
          <ServiceRules record={record} />
        </>
      )}
    </div>
  );
}

/**
 * The service as the director has it, read again whenever the live stream says that it or one of its servers was
 * edited. What was read last stays when the service is removed: its page must not vanish under who looks at it.
 */
function useServiceRecord(id: string) {
  const trpc = useTRPC();
  const { kind } = useLiveState();
  const query = useQuery(
    trpc.table.service.queryOptions({ id }, { enabled: kind === "live", placeholderData: (before) => before }),
  );
  const [followed] = useFollowed([id]);
  const described = followed?.described ?? null;
  const { refetch } = query;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new description is what tells of an edit
  useEffect(() => {
    if (kind === "live") void refetch();
  }, [described, followed?.missing, kind, refetch]);
  const refusal = query.error ? errorShapeOf(query.error) : null;
  const gone = refusal?.code === "NO_SUCH_SERVICE" || (followed?.missing ?? false);
  return { record: (query.data ?? null) as ServiceRecord | null, refusal: gone ? null : refusal, gone };
}
