import { useTranslations } from "next-intl";
import type { Quantity } from "#domain/units";
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

const shownAtPointer = 14;

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
  const rows = series
    .map((one, index) => ({ ...one, value: valueAt(columns[index] ?? [], at ?? 0) }))
    .filter(({ hidden }) => !hidden)
    .sort((a, b) => Number(a.mirrored ?? false) - Number(b.mirrored ?? false) || (b.value ?? -1) - (a.value ?? -1));
  const onLeft = atMs > (fromMs + toMs) / 2;
  return (
    <div
      aria-hidden="true"
      className={`pointer-events-none absolute top-1 z-10 max-w-[70%] rounded-md border border-line bg-raised/95 px-2 py-1.5 text-xs shadow-sm ${onLeft ? "left-14" : "right-2"}`}
    >
      <p className="mb-0.5 font-medium tabular-nums">{formatTime(atMs)}</p>
      <table className="tabular-nums">
        <tbody>
          {rows.slice(0, shownAtPointer).map(({ id, metric, label, colour, mirrored, value }) => (
            <tr key={`${id} ${metric}`}>
              <td className="max-w-52 truncate pr-3">
                <Swatch colour={colour} /> {label}
                {series.some((one) => one.mirrored) && (
                  <span className="text-muted"> {mirrored ? t("out") : t("in")}</span>
                )}
              </td>
              <td className="text-right">{short(value, quantity)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shownAtPointer && (
        <p className="text-muted">{t("andMore", { count: rows.length - shownAtPointer })}</p>
      )}
    </div>
  );
}
