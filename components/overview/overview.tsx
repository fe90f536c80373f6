"use client";

import { useTranslations } from "next-intl";
import { Identity } from "./identity.tsx";
import { LastChanges } from "./last-changes.tsx";
import { ServicesPanel } from "./services-panel.tsx";
import { TableCharts } from "./table-charts.tsx";
import { Totals } from "./totals.tsx";

/** The director at a glance: who it is, what passes through it now, what needs attention. */
export function Overview() {
  const t = useTranslations("overview");
  return (
    <div className="mx-auto flex w-full max-w-[1600px] flex-col gap-4 p-4 max-sm:p-3">
      <h1 className="sr-only">{t("title")}</h1>
      <Identity />
      <Totals />
      <TableCharts />
      <ServicesPanel />
      <LastChanges />
    </div>
  );
}
