"use client";

import { Table2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useId, useMemo, useState } from "react";
import type { Quantity } from "#domain/units";
import { Button } from "../ui/button.tsx";
import { useUnits } from "../units/use-units.ts";
import { useChartGroup } from "./chart-group.tsx";
import { ChartReadout, ChartTooltip } from "./chart-readout.tsx";
import { ChartTable } from "./chart-table.tsx";
import type { PlotFrame } from "./plot.ts";
import { PlotCanvas } from "./plot-canvas.tsx";
import type { PlotSpecification } from "./plot-options.ts";
import { chartTheme, dashOf } from "./theme.ts";
import type { Metric } from "./timeline.ts";
import { useFormatTime } from "./use-format-time.ts";

export interface ChartSeries {
  /** of the row; "" is the whole table */
  id: string;
  metric: Metric;
  label: string;
  /** index into the palette, the same for one thing in every chart */
  colour: number;
  /** drawn below zero: what goes out */
  mirrored?: boolean;
  filled?: boolean;
  hidden?: boolean;
}

export interface ChartProps {
  title: string;
  quantity: Quantity;
  /** keep the array between renders while nothing in it changes */
  series: readonly ChartSeries[];
  height?: number;
}

/** Up to this many lines are named in the chart's head; more get a list at the pointer. */
const namedInHead = 3;

/** One chart of a group: title and unit, the values at the cursor or of now, the plot, and the table behind it. */
export function Chart({ title, quantity, series, height = 176 }: ChartProps) {
  const t = useTranslations("chart");
  const { unit, symbol } = useUnits();
  const { moment, windowS, syncKey, hovered, setHovered } = useChartGroup();
  const [cursor, setCursor] = useState<number | null>(null);
  const [pointed, setPointed] = useState(false);
  const [tableOpen, setTableOpen] = useState(false);
  const [failed, setFailed] = useState(false);
  const tableId = useId();
  const formatTime = useFormatTime();

  const identity = JSON.stringify(
    series.map(({ id, metric, colour, mirrored, filled }) => [id, metric, colour, mirrored, filled]),
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: identity stands for what matters of series
  const specification = useMemo(
    (): PlotSpecification => ({
      series: series.map(({ id, metric, colour, mirrored, filled }) => ({
        id: `${id} ${metric}`,
        mirrored: mirrored ?? false,
        filled: filled ?? false,
        dash: dashOf(colour),
      })),
      quantity,
      unit,
      syncKey,
      formatTime: (atS) => formatTime(atS * 1000),
      theme: () => plotTheme(series),
    }),
    [identity, quantity, unit, syncKey, formatTime],
  );
  const columns = useMemo(() => series.map(({ id, metric }) => moment.column(id, metric)), [moment, series]);
  const fromMs = moment.toMs - windowS * 1000;
  const frame = useMemo(
    (): PlotFrame => ({
      times: moment.times,
      columns,
      fromMs,
      toMs: moment.toMs,
      shown: series.map(({ hidden }) => !hidden),
    }),
    [moment, columns, fromMs, series],
  );
  const at = hovered && cursor !== null ? Math.min(cursor, moment.times.length - 1) : null;
  const point = (inside: boolean) => {
    setPointed(inside);
    setHovered(inside);
  };
  // Who points at a chart that goes away leaves it without an event.
  useEffect(() => () => setHovered(false), [setHovered]);
  const onFailure = useCallback(() => setFailed(true), []);
  const common = { series, columns, times: moment.times, quantity, at };

  return (
    <figure className="flex min-w-0 flex-col rounded-lg border border-line bg-surface p-3">
      <figcaption className="flex min-h-7 items-start gap-2">
        <h3 className="text-[13px] font-semibold">
          {title} {quantity !== "connections" && <span className="font-normal text-muted">{symbol(quantity)}</span>}
        </h3>
        {series.length <= namedInHead && <ChartReadout {...common} />}
        <Button
          variant="ghost"
          size="icon-sm"
          className="ml-auto"
          aria-expanded={tableOpen}
          aria-controls={tableId}
          aria-label={t("tableOf", { title })}
          title={t("table")}
          onClick={() => setTableOpen(!tableOpen)}
        >
          <Table2 className="size-4 text-muted" aria-hidden="true" />
        </Button>
      </figcaption>
      <div className="relative" onPointerEnter={() => point(true)} onPointerLeave={() => point(false)}>
        {failed ? (
          <p className="grid place-items-center text-muted" style={{ height }}>
            {t("loadFailed")}
          </p>
        ) : (
          <PlotCanvas
            specification={specification}
            frame={frame}
            height={height}
            label={t("summary", { title, window: t(`window${windowS}`) })}
            onCursor={setCursor}
            onFailure={onFailure}
          />
        )}
        {moment.sampledAtMs === null && (
          <p className="absolute inset-0 grid place-items-center text-muted">{t("waiting")}</p>
        )}
        {pointed && at !== null && <ChartTooltip {...common} fromMs={fromMs} toMs={moment.toMs} />}
      </div>
      <div id={tableId}>
        {tableOpen && <ChartTable {...common} title={title} fromMs={fromMs} toMs={moment.toMs} windowS={windowS} />}
      </div>
    </figure>
  );
}

function plotTheme(series: readonly ChartSeries[]) {
  const { axis, grid, lines } = chartTheme();
  const line = (index: number) => lines[(series[index]?.colour ?? 0) % lines.length] ?? axis;
  return { axis, grid, series: line, area: (index: number) => `color-mix(in srgb, ${line(index)} 14%, transparent)` };
}
