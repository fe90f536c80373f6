import uPlot from "uplot";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type CanvasRecorder, recordCanvases } from "./canvas-recorder.ts";
import { createPlot, type Plot, type PlotFrame, visibleRange } from "./plot.ts";
import type { PlotSpecification } from "./plot-options.ts";

let canvas: CanvasRecorder;
let host: HTMLElement;
let plots: Plot[];

beforeEach(() => {
  canvas = recordCanvases();
  host = document.createElement("div");
  document.body.append(host);
  plots = [];
});

afterEach(() => {
  for (const plot of plots) plot.destroy();
  host.remove();
  canvas.restore();
});

const specification: PlotSpecification = {
  series: [
    { id: "in", mirrored: false, filled: true, dash: [] },
    { id: "out", mirrored: true, filled: false, dash: [] },
  ],
  quantity: "traffic",
  unit: "bits",
  syncKey: "test",
  formatTime: (atS) => `${atS}s`,
  theme: () => ({ axis: "axis", grid: "grid", series: (index) => `line ${index}`, area: (index) => `area ${index}` }),
};

function create(onCursor: (index: number | null) => void = () => {}, changed: Partial<PlotSpecification> = {}): Plot {
  const plot = createPlot(uPlot, host, { ...specification, ...changed }, { width: 400, height: 200 }, onCursor);
  plots.push(plot);
  return plot;
}

const times = [10_000, 11_000, 12_000, 13_000, 14_000];
const frame: PlotFrame = {
  times,
  columns: [
    [1000, 2000, 3000, 4000, 5000],
    [500, 500, 500, 500, 500],
  ],
  fromMs: 10_000,
  toMs: 14_000,
  shown: [true, true],
};

/** uPlot commits outside of batches in a microtask. */
const drawn = () => Promise.resolve();
const lines = (index: number) =>
  canvas.strokes.filter(({ style }) => style === `line ${index}`).map(({ points }) => points);

test("draws each series, what goes out below zero", async () => {
  create().update(frame);
  await drawn();
  const [above, below] = [lines(0).at(-1) ?? [], lines(1).at(-1) ?? []];
  expect(above).toHaveLength(5);
  expect(above.map(([x]) => x)).toEqual([...above.map(([x]) => x)].sort((a, b) => a - b));
  expect(above.at(-1)?.[1]).toBeLessThan(above[0]?.[1] ?? 0);
  expect(Math.min(...below.map(([, y]) => y))).toBeGreaterThan(Math.max(...above.map(([, y]) => y)));
});

test("an update draws the new values and not the old", async () => {
  const plot = create();
  plot.update(frame);
  await drawn();
  const before = canvas.strokes.length;
  plot.update({
    ...frame,
    columns: [
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ],
  });
  await drawn();
  expect(canvas.strokes.length).toBeGreaterThan(before);
  const flat = lines(0).at(-1) ?? [];
  expect(new Set(flat.map(([, y]) => y)).size).toBe(1);
  // Idle: at the zero line, which a floor keeps in the middle of a mirrored plot.
  expect(lines(1).at(-1)?.[0]?.[1]).toBe(flat[0]?.[1]);
});

test("what is hidden is not drawn and does not stretch the axis", async () => {
  const plot = create(undefined, { series: specification.series.map((one) => ({ ...one, mirrored: false })) });
  const columns = [frame.columns[0] ?? [], [5e6, 5e6, 5e6, 5e6, 5e6]];
  plot.update({ ...frame, columns });
  await drawn();
  const stretched = lines(0).at(-1)?.at(-1)?.[1] ?? 0;
  const before = lines(1).length;
  plot.update({ ...frame, columns, shown: [true, false] });
  await drawn();
  expect(lines(1)).toHaveLength(before);
  expect(lines(0).at(-1)?.at(-1)?.[1]).toBeLessThan(stretched);
});

test("resizing sets the canvas to the new size, and to nothing else for no size", async () => {
  const plot = create();
  plot.update(frame);
  plot.resize(600, 300);
  await drawn();
  const element = host.querySelector("canvas");
  expect([element?.width, element?.height]).toEqual([600, 300]);
  plot.resize(0, 0);
  await drawn();
  expect([element?.width, element?.height]).toEqual([600, 300]);
});

test("destroying leaves nothing behind: no DOM, no shared cursor, no listener; twice is once", () => {
  const added = vi.spyOn(window, "addEventListener");
  const removed = vi.spyOn(window, "removeEventListener");
  const onDocument = vi.spyOn(document, "addEventListener");
  const cursors = () => uPlot.sync("test").plots.length;
  const before = cursors();
  const plot = create();
  plot.update(frame);
  const over = host.querySelector(".u-over");
  for (const type of ["mousedown", "mouseup", "dblclick"]) over?.dispatchEvent(new MouseEvent(type, { bubbles: true }));
  expect(cursors()).toBe(before + 1);
  plot.destroy();
  plot.destroy();
  expect(host.childElementCount).toBe(0);
  expect(cursors()).toBe(before);
  expect(added.mock.calls.length).toBeGreaterThan(0);
  expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
    added.mock.calls.map(([type, listener]) => [type, listener]),
  );
  expect(onDocument).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test("nothing is drawn after it is destroyed", async () => {
  const plot = create();
  plot.destroy();
  const before = canvas.strokes.length;
  plot.update(frame);
  plot.resize(100, 100);
  plot.redraw();
  await drawn();
  expect(canvas.strokes).toHaveLength(before);
});

test("the cursor of one plot moves those with the same key, and names a point of the whole timeline", async () => {
  const seen: (number | null)[] = [];
  const other: (number | null)[] = [];
  const plot = create((index) => seen.push(index));
  create((index) => other.push(index)).update({ ...frame, fromMs: 12_500 });
  plot.update({ ...frame, fromMs: 12_500 });
  await drawn();
  const over = host.querySelector(".u-over");
  over?.dispatchEvent(new MouseEvent("mousemove", { clientX: 340, clientY: 10 }));
  await drawn();
  expect(seen.at(-1)).toBe(4);
  expect(other.at(-1)).toBe(4);
});

test("the window holds one point more on each side, and nothing of another time", () => {
  expect(visibleRange(times, 11_500, 12_500)).toEqual([1, 4]);
  expect(visibleRange(times, 0, 99_000)).toEqual([0, 5]);
  expect(visibleRange(times, 50_000, 60_000)).toEqual([5, 5]);
  expect(visibleRange([], 0, 1)).toEqual([0, 0]);
});
