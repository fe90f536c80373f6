import { useTranslations } from "next-intl";
import type { Quantity } from "#domain/units";
import { classNames } from "../ui/class-names.ts";
import { useUnits } from "../units/use-units.ts";
import { valueAt } from "./averages.ts";
import type { ChartSeries } from "./chart.tsx";
import { Swatch } from "./swatch.tsx";
import type { Sampled } from "./timeline.ts";
import { useFormatTime } from "./use-format-time.ts";

export interface ReadoutProps {
  series: readonly ChartSeries[];
  columns: readonly (readonly Sampled[])[];
  times: readonly number[];
  quantity: Quantity;
  /** the point under the cursor; null for the newest */
  at: number | null;
}

/** The values at the cursor, or of now, beside the title of a chart with few lines. */
export function ChartReadout({ series, columns, times, quantity, at }: ReadoutProps) {
  const { short, exact } = useUnits();
  const index = at ?? times.length - 1;
  return (
    <ul className="flex min-w-0 flex-wrap gap-x-3 text-xs leading-5 text-muted">
      {series.map(({ id, metric, label, colour }, i) => {
        const value = valueAt(columns[i] ?? [], index);
        return (
          <li key={`${id} ${metric}`} className="flex items-center gap-1">
            <Swatch colour={colour} />
            {label}
            <span className="live-number min-w-[4.5em] text-ink tabular-nums" title={exact(value, quantity)}>
              {short(value, quantity)}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

const shownAtPointer = 16;

interface TooltipLine {
  id: string;
  label: string;
  colour: number;
  /** in and out where the plot is mirrored, else one */
  values: (number | null)[];
}

/** All lines' values at the cursor, the largest first, on the side of the plot where the cursor is not. */
export function ChartTooltip({
  series,
  columns,
  times,
  quantity,
  at,
  fromMs,
  toMs,
}: ReadoutProps & { fromMs: number; toMs: number }) {
  const t = useTranslations("chart");
  const { short } = useUnits();
  const formatTime = useFormatTime();
  const atMs = times[at ?? 0] ?? 0;
  const lines = tooltipLines({ series, columns, at });
  const onLeft = atMs > (fromMs + toMs) / 2;
  return (
    <div
      aria-hidden="true"
      className={classNames(
        "pointer-events-none absolute top-1 z-10 rounded-md border border-line bg-raised/95 px-2 py-1.5 text-xs shadow-sm",
        onLeft ? "left-14" : "right-2",
      )}
    >
      <table className="tabular-nums">
        <thead>
          <tr>
            <th className="pr-3 text-left font-medium">{formatTime(atMs)}</th>
            {series.some(({ mirrored }) => mirrored) && (
              <>
                <th className="pl-3 text-right font-normal text-muted">{t("in")}</th>
                <th className="pl-3 text-right font-normal text-muted">{t("out")}</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, shownAtPointer).map(({ id, label, colour, values }) => (
            <tr key={id}>
              <td className="max-w-52 truncate">
                <Swatch colour={colour} /> {label}
              </td>
              {values.map((value, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: in and out, in this order
                <td key={index} className="pl-3 text-right">
                  {short(value, quantity)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {lines.length > shownAtPointer && (
        <p className="text-muted">{t("andMore", { count: lines.length - shownAtPointer })}</p>
      )}
    </div>
  );
}

/** Series that belong to one row stand in one line. */
function tooltipLines({ series, columns, at }: Pick<ReadoutProps, "series" | "columns" | "at">): TooltipLine[] {
  const mirrored = series.some((one) => one.mirrored);
  const lines = new Map<string, TooltipLine>();
  series.forEach(({ id, metric, label, colour, hidden }, index) => {
    if (hidden) return;
    const key = mirrored ? id : `${id} ${metric}`;
    const line = lines.get(key) ?? { id: key, label, colour, values: [] };
    line.values.push(valueAt(columns[index] ?? [], at ?? 0));
    lines.set(key, line);
  });
  const sum = ({ values }: TooltipLine) => values.reduce<number>((total, value) => total + (value ?? 0), 0);
  return [...lines.values()].sort((a, b) => sum(b) - sum(a));
}
