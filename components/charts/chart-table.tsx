import { useTranslations } from "next-intl";
import { HeadCell, NumberCell, Table, TextCell } from "../ui/table-cells.tsx";
import { useUnits } from "../units/use-units.ts";
import { averageStepS, averages } from "./averages.ts";
import type { ReadoutProps } from "./chart-readout.tsx";
import { useFormatTime } from "./use-format-time.ts";

export interface ChartTableProps extends Omit<ReadoutProps, "at"> {
  title: string;
  fromMs: number;
  toMs: number;
  windowS: number;
}

/** What a chart draws, in digits: averages over steps of its window, newest first. */
export function ChartTable({ title, series, columns, times, quantity, fromMs, toMs, windowS }: ChartTableProps) {
  const t = useTranslations("chart");
  const { short, exact, symbol, duration } = useUnits();
  const formatTime = useFormatTime();
  const stepS = averageStepS(windowS);
  const both = series.some(({ mirrored }) => mirrored);
  const caption = t("tableCaption", { title, unit: symbol(quantity), step: duration(stepS) });
  return (
    <div className="mt-2">
      <p className="mb-1 text-xs text-muted">{caption}</p>
      <Table label={caption}>
        <thead>
          <tr>
            <HeadCell>{t("time")}</HeadCell>
            {series.map(({ id, metric, label, mirrored }) => (
              <HeadCell key={`${id} ${metric}`} numeric>
                {label}
                {both && series.length > 2 ? ` ${mirrored ? t("out") : t("in")}` : ""}
              </HeadCell>
            ))}
          </tr>
        </thead>
        <tbody>
          {averages(times, columns, fromMs, toMs, stepS).map((row) => (
            <tr key={row.fromMs}>
              <TextCell className="tabular-nums">{formatTime(row.fromMs)}</TextCell>
              {row.values.map((value, index) => (
                <NumberCell key={`${series[index]?.id} ${series[index]?.metric}`} title={exact(value, quantity)}>
                  {value === null ? t("noSample") : short(value, quantity)}
                </NumberCell>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </div>
  );
}
