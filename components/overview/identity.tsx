"use client";

import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useTRPC } from "#components/trpc";
import { exactText } from "#domain/units";
import { useLiveState, useNow, useSummary } from "../live/use-live.ts";
import { useUnits } from "../units/use-units.ts";

/** Which director this is: host, kernel, IPVS, and how large its table is. */
export function Identity() {
  const t = useTranslations("overview");
  const { duration } = useUnits();
  const trpc = useTRPC();
  const { kind } = useLiveState();
  const status = useQuery(
    trpc.director.status.queryOptions(undefined, { enabled: kind === "live", staleTime: 60_000 }),
  );
  const summary = useSummary();
  useNow(status.data !== undefined);
  const { data } = status;
  const uptimeS = data ? data.uptimeS + (Date.now() - status.dataUpdatedAt) / 1000 : 0;
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 rounded-lg border border-line bg-surface px-4 py-3">
      <Fact name={t("host")}>{data?.host}</Fact>
      <Fact name={t("kernel")}>{data?.kernel}</Fact>
      <Fact name={t("version")}>{data?.version}</Fact>
      <Fact name={t("tableSize")} title={t("tableSizeWhat")}>
        {data && t("buckets", { size: exactText(data.connectionTableSize) })}
      </Fact>
      <Fact name={t("uptime")}>{data && duration(uptimeS)}</Fact>
      <Fact name={t("services")}>{summary && exactText(summary.services)}</Fact>
      <Fact name={t("servers")}>{summary && exactText(summary.servers)}</Fact>
    </dl>
  );
}

function Fact({ name, title, children }: { name: string; title?: string; children: ReactNode }) {
  return (
    <div className="min-w-0" title={title}>
      <dt className="text-xs text-muted">{name}</dt>
      <dd className="min-h-[1.45em] truncate font-medium tabular-nums">{children}</dd>
    </div>
  );
}
