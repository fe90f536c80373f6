"use client";

import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import type { ServiceRecord } from "#domain/table";
import type { Quantity } from "#domain/units";
import { Chart, type ChartSeries } from "../charts/chart.tsx";
import { ChartGroup } from "../charts/chart-group.tsx";
import { ChartToolbar } from "../charts/chart-toolbar.tsx";
import { useChartFeed } from "../charts/use-chart-feed.ts";
import { rowName } from "../services/row-name.ts";
import { noLines, toggled, withServers } from "./chosen-lines.ts";
import { DrainPanel } from "./drain-panel.tsx";
import { ServerLegend } from "./server-legend.tsx";

/** More lines than this cannot be told apart, and each is a row that the director keeps at one point a second. */
const maxLines = 24;
type Metrics = [above: ChartSeries["metric"], below?: ChartSeries["metric"]];
const charts: { name: "connections" | "active" | "packets" | "traffic"; quantity: Quantity; metrics: Metrics }[] = [
  { name: "connections", quantity: "connectionsPerSecond", metrics: ["connectionsPerSecond"] },
  { name: "active", quantity: "connections", metrics: ["active"] },
  { name: "packets", quantity: "packetsPerSecond", metrics: ["inPacketsPerSecond", "outPacketsPerSecond"] },
  { name: "traffic", quantity: "traffic", metrics: ["inBytesPerSecond", "outBytesPerSecond"] },
];

/** A line for each real server: new connections, connections there are, packets, traffic; and how drains go. */
export function ServiceCharts({ record }: { record: ServiceRecord }) {
  const t = useTranslations("service");
  const servers = useMemo(() => record.servers.toSorted((a, b) => byName.compare(a.id, b.id)), [record]);
  const [chosen, setChosen] = useState(() => ({ lines: withServers(noLines, servers), servers }));
  if (chosen.servers !== servers) setChosen({ lines: withServers(chosen.lines, servers), servers });
  const { lines } = chosen;
  const drawn = useMemo(
    () => servers.map(({ id }, colour) => ({ id, colour })).filter(({ id }) => lines.drawn.has(id)),
    [servers, lines],
  );
  const draining = useMemo(() => servers.filter(({ spec }) => spec.weight <= 0).map(({ id }) => id), [servers]);
  const followed = useMemo(
    () => [...new Set([...drawn.map(({ id }) => id), ...draining])].slice(0, 2 * maxLines),
    [drawn, draining],
  );
  const feed = useChartFeed(followed);
  const series = useMemo(
    () =>
      charts.map(({ metrics: [above, below] }) =>
        drawn.flatMap(({ id, colour }): ChartSeries[] => {
          const line = { id, label: rowName({ id, kind: "server" }), colour };
          return below
            ? [
                { ...line, metric: above },
                { ...line, metric: below, mirrored: true },
              ]
            : [{ ...line, metric: above }];
        }),
      ),
    [drawn],
  );
  if (servers.length === 0) return null;
  return (
    <ChartGroup feed={feed} syncKey="service">
      <DrainPanel record={record} servers={servers} />
      <section aria-labelledby="service-charts" className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 id="service-charts" className="text-base font-semibold">
            {t("charts")}
          </h2>
          <ChartToolbar />
        </div>
        <ServerLegend
          servers={servers}
          drawn={lines.drawn}
          max={maxLines}
          onToggle={(id) => setChosen({ lines: toggled(lines, id), servers })}
        />
        <div className="grid gap-3 lg:grid-cols-2">
          {charts.map(({ name, quantity, metrics }, index) => (
            <Chart
              key={name}
              title={metrics.length > 1 ? t("inAndOut", { what: t(name) }) : t(name)}
              quantity={quantity}
              series={series[index] ?? []}
            />
          ))}
        </div>
      </section>
    </ChartGroup>
  );
}

/** 10.0.0.9 before 10.0.0.10 */
const byName = new Intl.Collator("en", { numeric: true });
