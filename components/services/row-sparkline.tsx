import { useLayoutEffect, useRef } from "react";
import { useLive } from "#components/live/live-provider";
import { axisFloor, type Quantity } from "#domain/units";
import { sparklinePath } from "../charts/sparkline-path.ts";
import { minutePoints } from "../live/minute.ts";

const width = 96;
const height = 20;

/** The last minute of one of a row's values, drawn anew with each sample without rendering. It repeats what the digits say. */
export function RowSparkline({ slot, metric, quantity }: { slot: number; metric: number; quantity: Quantity }) {
  const { store } = useLive();
  const line = useRef<SVGPathElement>(null);
  const area = useRef<SVGPathElement>(null);
  useLayoutEffect(() => {
    // The floor of an axis is in the unit that is shown, and bits are what bytes are measured in eighths of.
    const floor = axisFloor(quantity, "bits") / (quantity === "traffic" ? 8 : 1);
    let wasStill = false;
    const draw = () => {
      const minute = store.minute(slot);
      if (!minute || (wasStill && minute.still)) return;
      wasStill = minute.still;
      const values = minute.series(metric);
      const top = values.reduce<number>((high, value) => Math.max(high, value ?? 0), floor);
      const path = sparklinePath(values, minutePoints, width, height - 2, top);
      line.current?.setAttribute("d", path.line);
      area.current?.setAttribute("d", path.area);
    };
    draw();
    return store.on("sample", draw);
  }, [store, slot, metric, quantity]);
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={width}
      height={height}
      viewBox={`0 -1 ${width} ${height}`}
      className="live-number text-accent"
    >
      <path ref={area} fill="currentColor" opacity={0.15} />
      <path
        ref={line}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.25}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
