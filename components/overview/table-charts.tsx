"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { Chart, type ChartSeries } from "../charts/chart.tsx";
import { ChartGroup } from "../charts/chart-group.tsx";
import { ChartToolbar } from "../charts/chart-toolbar.tsx";
import { useChartFeed } from "../charts/use-chart-feed.ts";

const wholeTable = [""];

/** The whole table over time: new connections, connections there are, packets, traffic. */
export function TableCharts() {
  const t = useTranslations("overview");
  const tChart = useTranslations("chart");
  const feed = useChartFeed(wholeTable);
  const series = useMemo(() => {
    const one = (metric: ChartSeries["metric"], label: string, colour = 0, mirrored = false): ChartSeries => ({
      id: "",
      metric,
      label,
      colour,
      mirrored,
      filled: true,
    });
    return {
      connections: [one("connectionsPerSecond", t("new"))],
      there: [one("active", t("active")), { ...one("inactive", t("inactive"), 1), filled: false }],
      packets: [one("inPacketsPerSecond", tChart("in")), one("outPacketsPerSecond", tChart("out"), 1, true)],
      traffic: [one("inBytesPerSecond", tChart("in")), one("outBytesPerSecond", tChart("out"), 1, true)],
    };
  }, [t, tChart]);
  return (
    <ChartGroup feed={feed} syncKey="table">
      <section aria-labelledby="table-charts" className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 id="table-charts" className="text-base font-semibold">
            {t("charts")}
          </h2>
          <ChartToolbar />
        </div>
        <div className="grid gap-3 lg:grid-cols-2">
          <Chart title={t("connections")} quantity="connectionsPerSecond" series={series.connections} />
          <Chart title={t("there")} quantity="connections" series={series.there} />
          <Chart title={t("packets")} quantity="packetsPerSecond" series={series.packets} />
          <Chart title={t("traffic")} quantity="traffic" series={series.traffic} />
        </div>
      </section>
    </ChartGroup>
  );
}
