import { memo } from "react";
import { sparklinePath } from "./sparkline-path.ts";

export interface SparklineProps {
  /** equally spaced, oldest first; null is a gap */
  values: readonly (number | null)[];
  /** how many values fill the width; 60 are a minute of samples */
  slots?: number;
  /** the least that the upper edge stands for, so that an idle line does not fill the picture */
  floor?: number;
  width?: number;
  height?: number;
  className?: string;
}

/**
 * The last minute of one number as a line in text size, in the colour of the text around it. It repeats
 * what stands beside it in digits, so screen readers pass over it.
 */
export const Sparkline = memo(function Sparkline({
  values,
  slots = 60,
  floor = 1,
  width = 96,
  height = 20,
  className,
}: SparklineProps) {
  let top = floor;
  for (let i = Math.max(0, values.length - slots); i < values.length; i++) top = Math.max(top, values[i] ?? 0);
  const path = sparklinePath(values, slots, width, height - 2, top);
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      width={width}
      height={height}
      viewBox={`0 -1 ${width} ${height}`}
      className={className}
    >
      <path d={path.area} fill="currentColor" opacity={0.15} />
      <path
        d={path.line}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.25}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
});
