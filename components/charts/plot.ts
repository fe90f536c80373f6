import type uPlot from "uplot";
import { inShownUnit } from "#domain/units";
import { type PlotSpecification, plotOptions } from "./plot-options.ts";
import type { Sampled } from "./timeline.ts";

/** What a plot shows at one moment. Times in milliseconds; values as measured, aligned with `times`. */
export interface PlotFrame {
  times: readonly number[];
  columns: readonly (readonly Sampled[])[];
  fromMs: number;
  toMs: number;
  /** by series; what is hidden does not stretch the axis */
  shown: readonly boolean[];
}

export interface Plot {
  update: (frame: PlotFrame) => void;
  resize: (width: number, height: number) => void;
  /** after a change of theme */
  redraw: () => void;
  /** Takes down everything that create put up: DOM, listeners, the shared cursor. Safe to call twice. */
  destroy: () => void;
}

/**
 * One uPlot, alive in `host` from here until destroy(). This is the only place that talks to uPlot.
 *
 * @param create the uPlot constructor, loaded by the caller when first needed
 * @param onCursor index into the last frame's times under the (shared) cursor, null when there is none
 */
export function createPlot(
  create: typeof uPlot,
  host: HTMLElement,
  specification: PlotSpecification,
  size: { width: number; height: number },
  onCursor: (index: number | null) => void,
): Plot {
  let offset = 0;
  let alive = true;
  const options = plotOptions(specification, size.width, size.height, (index) =>
    onCursor(index === null ? null : index + offset),
  );
  const empty = [[], ...specification.series.map(() => [])] as unknown as uPlot.AlignedData;
  const plot = new create(options, empty, host);
  const shown = specification.series.map(() => true);

  return {
    update(frame) {
      if (!alive) return;
      const [start, end] = visibleRange(frame.times, frame.fromMs, frame.toMs);
      offset = start;
      const times = frame.times.slice(start, end).map((atMs) => atMs / 1000);
      const columns = specification.series.map(({ mirrored }, index) =>
        shownColumn(frame.columns[index] ?? [], start, end, specification, mirrored),
      );
      plot.batch(() => {
        specification.series.forEach((_, index) => {
          const show = frame.shown[index] ?? true;
          if (show === shown[index]) return;
          shown[index] = show;
          plot.setSeries(index + 1, { show }, false);
        });
        plot.setData([times, ...columns] as uPlot.AlignedData, false);
        plot.setScale("x", { min: frame.fromMs / 1000, max: frame.toMs / 1000 });
      });
    },
    resize(width, height) {
      if (alive && width > 0 && height > 0 && (width !== plot.width || height !== plot.height))
        plot.setSize({ width, height });
    },
    redraw() {
      if (alive) plot.redraw(false, false);
    },
    destroy() {
      if (!alive) return;
      alive = false;
      plot.destroy();
    },
  };
}

/** The part of ascending `times` within the window, and one more on each side so that lines run to the edge. */
export function visibleRange(times: readonly number[], fromMs: number, toMs: number): [start: number, end: number] {
  const start = times.findIndex((atMs) => atMs >= fromMs);
  if (start < 0) return [times.length, times.length];
  const after = times.findIndex((atMs) => atMs > toMs);
  return [Math.max(0, start - 1), after < 0 ? times.length : Math.min(times.length, after + 1)];
}

function shownColumn(
  column: readonly Sampled[],
  start: number,
  end: number,
  { quantity, unit }: PlotSpecification,
  mirrored: boolean,
): Sampled[] {
  const factor = inShownUnit(1, quantity, unit) * (mirrored ? -1 : 1);
  return column.slice(start, end).map((value) => (typeof value === "number" ? value * factor : value));
}
