/** SVG path data of one sparkline: the line, and the area between it and the bottom. */
export interface SparklinePath {
  line: string;
  area: string;
}

/**
 * The path of equally spaced values, the newest at the right edge. A gap (null) interrupts the line; a value
 * between two gaps becomes a short dash, or it would not be seen.
 *
 * @param values oldest first; when there are fewer than `slots`, the left part stays empty
 * @param top the value at the upper edge; values above are cut to it
 */
export function sparklinePath(
  values: readonly (number | null)[],
  slots: number,
  width: number,
  height: number,
  top: number,
): SparklinePath {
  const shown = values.slice(-slots);
  const step = slots > 1 ? width / (slots - 1) : 0;
  const left = width - (shown.length - 1) * step;
  let line = "";
  let area = "";
  let runStart = 0;
  const endRun = (end: number): void => {
    if (end > runStart) {
      const isolated = end - runStart === 1;
      const points: string[] = [];
      for (let i = runStart; i < end; i++) {
        const y = round(height - (Math.min(Math.max(shown[i] ?? 0, 0), top) / top) * height);
        if (isolated)
          points.push(`${round(left + i * step - step / 2)} ${y}`, `${round(left + i * step + step / 2)} ${y}`);
        else points.push(`${round(left + i * step)} ${y}`);
      }
      const run = points.join("L");
      line += `M${run}`;
      area += `M${points[0]?.split(" ")[0]} ${height}L${run}V${height}Z`;
    }
    runStart = end + 1;
  };
  shown.forEach((value, i) => {
    if (value === null) endRun(i);
  });
  endRun(shown.length);
  return { line, area };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
