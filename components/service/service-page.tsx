"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useErrorText } from "../words.tsx";
import { LocalAddresses } from "./local-addresses.tsx";
import { ServersTable } from "./servers-table.tsx";
import { ServiceCharts } from "./service-charts.tsx";
import { ServiceConnections } from "./service-connections.tsx";
import { ServiceHead } from "./service-head.tsx";
import { ServiceNumbers } from "./service-numbers.tsx";
import { ServiceRules } from "./service-rules.tsx";
import { useServiceRecord } from "./use-service-record.ts";

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
          <ServiceConnections record={record} />
          <LocalAddresses record={record} />
          <ServiceRules record={record} />
        </>
      )}
    </div>
  );
}
