import type uPlot from "uplot";
import { axisEnd, axisScale, type Quantity, type TrafficUnit, tickText } from "#domain/units";

/** Colours of one plot, asked for at every draw, so that a change of theme needs a redraw and no new plot. */
export interface PlotTheme {
  axis: string;
  grid: string;
  /** by series, in the order of the specification */
  series: (index: number) => string;
  /** the same with most of it see-through, for the area under a line */
  area: (index: number) => string;
}

export interface PlotSeries {
  id: string;
  /** drawn below zero: what goes out */
  mirrored: boolean;
  filled: boolean;
  dash: readonly number[];
}

export interface PlotSpecification {
  series: readonly PlotSeries[];
  quantity: Quantity;
  unit: TrafficUnit;
  /** plots with the same key share one cursor */
  syncKey: string;
  /** "14:05:30" of a time in seconds */
  formatTime: (atS: number) => string;
  theme: () => PlotTheme;
}

/** Half of the width of a time below the axis, less what the plot's padding leaves. */
const halfLabel = 18;
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const decimalSteps = Array.from({ length: 19 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();
const binarySteps = Array.from({ length: 60 }, (_, power) => 2 ** power);

const ignored = () => null;

/**
 * uPlot's options for one plot: lines without points, zero-based values with a floor, times in local time on
 * round steps, one vertical cursor shared through `syncKey`, no legend and no zoom of its own.
 */
export function plotOptions(
  specification: PlotSpecification,
  width: number,
  height: number,
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const { series, quantity, unit, formatTime, theme } = specification;
  const mirrored = series.some((one) => one.mirrored);
  const binary = quantity === "traffic" && unit === "bytes";
  return {
    width,
    height,
    legend: { show: false },
    select: { show: false, left: 0, top: 0, width: 0, height: 0 },
    padding: [8, 8, 0, 0],
    cursor: {
      y: false,
      // On the nearest sample, where its points are.
      move: (plot, left, top) => {
        const at = left < 0 ? undefined : plot.data[0][plot.posToIdx(left)];
        return [at === undefined ? left : plot.valToPos(at, "x"), top];
      },
      drag: { x: false, y: false, setScale: false },
      // No selection and no zoom: a mouse button that is down when the plot is destroyed would leave a listener on the document.
      bind: { mousedown: ignored, mouseup: ignored, click: ignored, dblclick: ignored },
      sync: { key: specification.syncKey, setSeries: false, scales: ["x", null] },
      points: { size: 6, width: 1.5 },
    },
    scales: {
      x: { time: false, auto: false },
      y: {
        range: (_plot, low, high) => {
          const below = mirrored ? -axisEnd(Math.max(0, -(low ?? 0)), quantity, unit) : 0;
          return [below, axisEnd(Math.max(0, high ?? 0), quantity, unit)];
        },
      },
    },
    axes: [
      {
        stroke: () => theme().axis,
        grid: { show: false },
        ticks: { show: true, size: 4, width: 1, stroke: () => theme().grid },
        size: 22,
        gap: 4,
        space: 70,
        font: "11px system-ui, sans-serif",
        incrs: timeSteps,
        // A label that would be cut off at the right edge is left out.
        values: (plot, splits) => {
          const rightmost = plot.bbox.width / devicePixelRatio - halfLabel;
          return splits.map((atS) => (plot.valToPos(atS, "x") > rightmost ? "" : formatTime(atS)));
        },
      },
      {
        stroke: () => theme().axis,
        grid: { show: true, width: 1, stroke: () => theme().grid },
        ticks: { show: false },
        size: 48,
        gap: 6,
        space: 24,
        font: "11px system-ui, sans-serif",
        incrs: binary ? binarySteps : decimalSteps,
        values: (plot, splits) => {
          const { min = 0, max = 0 } = plot.scales.y ?? {};
          const scale = axisScale(Math.max(-(min ?? 0), max ?? 0), quantity, unit);
          return splits.map((value) => tickText(value, scale));
        },
      },
    ],
    series: [
      {},
      ...series.map(
        (one, index): uPlot.Series => ({
          label: one.id,
          width: 1.5,
          points: { show: false },
          stroke: () => theme().series(index),
          ...(one.filled ? { fill: () => theme().area(index), fillTo: 0 } : {}),
          ...(one.dash.length > 0 ? { dash: [...one.dash] } : {}),
        }),
      ),
    ],
    hooks: { setCursor: [(plot) => onCursor(plot.cursor.idx ?? null)] },
  };
}
