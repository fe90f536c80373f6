"use client";

import { CircleCheck, TriangleAlert } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { wholeList } from "#domain/list-query";
import type { ListQuery } from "#domain/live";
import { countText } from "#domain/units";
import { Choice } from "../charts/choice.tsx";
import { useListWindow, useSummary } from "../live/use-live.ts";
import { Badge } from "../ui/badge.tsx";
import { HeadCell, Table } from "../ui/table-cells.tsx";
import { ServiceLine } from "./service-line.tsx";

const lists = ["attention", "busiest"] as const;
const shownRows = 8;

const queries: Record<(typeof lists)[number], ListQuery> = {
  attention: { ...wholeList, to: shownRows, state: ["attention"] },
  busiest: { ...wholeList, to: shownRows, sort: "connectionsPerSecond", descending: true },
};

/** Services that need attention, or those with the most new connections. How many need attention is said with both. */
export function ServicesPanel() {
  const t = useTranslations("overview");
  const [list, setList] = useQueryState("list", parseAsStringLiteral(lists).withDefault("attention"));
  const window = useListWindow(queries[list]);
  const summary = useSummary();
  const attention = summary?.attention ?? 0;
  return (
    <section aria-labelledby="overview-services" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 id="overview-services" className="text-base font-semibold">
          {t("services")}
        </h2>
        <Choice
          label={t("whichServices")}
          value={list}
          onChoose={(next) => void setList(next)}
          options={lists.map((value) => ({
            value,
            label: t(`list.${value}`),
            badge: value === "attention" && attention > 0 && (
              <Badge tone="changing" className="ml-1.5 tabular-nums">
                {countText(attention)}
              </Badge>
            ),
          }))}
        />
        <Link
          href={list === "attention" ? "/services?state=attention" : "/services?sort=connectionsPerSecond&desc=true"}
          className="ml-auto text-accent hover:underline"
        >
          {list === "attention" && attention > 0 ? t("allAttention", { count: attention }) : t("allServices")}
        </Link>
      </div>
      {list === "busiest" && attention > 0 && (
        <p role="status" className="flex gap-3 rounded-lg bg-changing-soft px-4 py-2 text-changing">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          <span>
            {t("needAttention", { count: attention })}{" "}
            <button type="button" className="font-medium underline" onClick={() => void setList("attention")}>
              {t("showAttention", { count: attention })}
            </button>
          </span>
        </p>
      )}
      {window && summary?.services === 0 ? (
        <Note>{t("noServices")}</Note>
      ) : window && list === "attention" && attention === 0 && window.matchedServices === 0 ? (
        <Note good>{t("nothingWrong")}</Note>
      ) : (
        <Table label={t(`list.${list}`)}>
          <thead>
            <tr>
              <HeadCell>{t("service")}</HeadCell>
              <HeadCell>{t("state")}</HeadCell>
              <HeadCell>{t("scheduler")}</HeadCell>
              {list === "attention" && <HeadCell>{t("whyHead")}</HeadCell>}
              <HeadCell numeric>{t("connections")}</HeadCell>
              <HeadCell numeric>{t("active")}</HeadCell>
              <HeadCell numeric>{t("inTraffic")}</HeadCell>
              <HeadCell numeric>{t("outTraffic")}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {window?.slots.map((slot) => (
              <ServiceLine key={slot} slot={slot} why={list === "attention"} />
            ))}
          </tbody>
        </Table>
      )}
    </section>
  );
}

function Note({ good = false, children }: { good?: boolean; children: React.ReactNode }) {
  return (
    <p className="flex items-center gap-2 rounded-lg border border-line bg-surface px-4 py-3">
      {good && <CircleCheck className="size-4 text-up" aria-hidden="true" />}
      {children}
    </p>
  );
}
