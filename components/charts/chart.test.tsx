import { act, cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { NextIntlClientProvider } from "next-intl";
import { NuqsTestingAdapter } from "nuqs/adapters/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import messages from "../../messages/en.json";
import { type CanvasRecorder, recordCanvases } from "./canvas-recorder.ts";
import { Chart, type ChartSeries } from "./chart.tsx";
import { ChartFeed } from "./chart-feed.ts";
import { ChartGroup } from "./chart-group.tsx";
import { ChartToolbar } from "./chart-toolbar.tsx";
import { metrics } from "./timeline.ts";

const live = vi.hoisted(() => ({ paused: false, setPaused: vi.fn() }));
vi.mock("../live/use-live.ts", () => ({ usePaused: () => [live.paused, live.setPaused] }));

let canvas: CanvasRecorder;

beforeEach(() => {
  canvas = recordCanvases();
  live.paused = false;
});

afterEach(() => {
  cleanup();
  canvas.restore();
});

const startMs = 1_700_000_000_000;
const traffic: ChartSeries[] = [
  { id: "", metric: "inBytesPerSecond", label: "in", colour: 0 },
  { id: "", metric: "outBytesPerSecond", label: "out", colour: 1, mirrored: true },
];

/** In the time zone of whoever runs this. */
const clock = (second: number) => new Date(startMs + second * 1000).toLocaleTimeString("en-GB");

/** In 1000 bytes/s × value, out twice that. */
function take(feed: ChartFeed, second: number, value: number | null): void {
  const values = metrics.map((metric) => {
    if (value === null) return null;
    return metric === "outBytesPerSecond" ? 2000 * value : 1000 * value;
  });
  act(() => void feed.sample(startMs + second * 1000, 1000, new Map([["", values]])));
}

async function show(feed: ChartFeed, series = traffic): Promise<HTMLElement> {
  const shown = (
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      <NuqsTestingAdapter searchParams="?window=60">
        <ChartGroup feed={feed} syncKey="test">
          <ChartToolbar />
          <Chart title="Traffic" quantity="traffic" series={series} />
        </ChartGroup>
      </NuqsTestingAdapter>
    </NextIntlClientProvider>
  );
  const { container } = render(shown);
  await vi.waitFor(() => expect(container.querySelector("canvas")).not.toBeNull());
  return container;
}

const figure = () => screen.getByRole("figure");

test("says the newest values, and that there are none before the first sample", async () => {
  const feed = new ChartFeed(60_000, () => 0);
  await show(feed);
  expect(within(figure()).getByText("Waiting for the first samples")).toBeTruthy();
  take(feed, 1, 1);
  expect(within(figure()).getByText("8.00 kbit/s")).toBeTruthy();
  expect(within(figure()).getByText("16.0 kbit/s")).toBeTruthy();
  expect(within(figure()).queryByText("Waiting for the first samples")).toBeNull();
  take(feed, 2, null);
  expect(within(figure()).getAllByTitle("No sample")).toHaveLength(2);
});

test("stands still while someone points at it, and goes on after that", async () => {
  const feed = new ChartFeed(60_000, () => 0);
  const container = await show(feed);
  take(feed, 1, 1);
  const plot = container.querySelector("[role=img]")?.parentElement as HTMLElement;
  fireEvent.pointerEnter(plot);
  const strokes = canvas.strokes.length;
  take(feed, 2, 5);
  expect(within(figure()).getByText("8.00 kbit/s")).toBeTruthy();
  expect(canvas.strokes).toHaveLength(strokes);
  expect(screen.getByText(/^Held while you look/)).toBeTruthy();
  fireEvent.pointerLeave(plot);
  expect(within(figure()).getByText("40.0 kbit/s")).toBeTruthy();
  expect(screen.queryByText(/^Held while you look/)).toBeNull();
});

test("stands still while the page is paused", async () => {
  const feed = new ChartFeed(60_000, () => 0);
  take(feed, 1, 1);
  live.paused = true;
  await show(feed);
  take(feed, 2, 5);
  expect(within(figure()).getByText("8.00 kbit/s")).toBeTruthy();
  fireEvent.click(screen.getByRole("button", { name: "Resume" }));
  expect(live.setPaused).toHaveBeenCalledWith(false);
});

test("has a table of averages behind it", async () => {
  const feed = new ChartFeed(120_000, () => 0);
  await show(feed);
  for (let second = 0; second < 20; second++) take(feed, second, second < 10 ? 1 : 3);
  const button = within(figure()).getByRole("button", { name: "Table of Traffic" });
  expect(button.getAttribute("aria-expanded")).toBe("false");
  fireEvent.click(button);
  expect(button.getAttribute("aria-expanded")).toBe("true");
  const rows = within(screen.getByRole("table")).getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual([
    "Timeinout",
    `${clock(15)}24.0 kbit/s48.0 kbit/s`,
    `${clock(10)}24.0 kbit/s48.0 kbit/s`,
    `${clock(5)}8.00 kbit/s16.0 kbit/s`,
    `${clock(0)}8.00 kbit/s16.0 kbit/s`,
  ]);
});

test("draws the window that was chosen, in the unit that was chosen", async () => {
  const feed = new ChartFeed(960_000, () => 0);
  const container = await show(feed);
  for (let second = 0; second <= 120; second++) take(feed, second, 1);
  const points = () => Math.max(...canvas.strokes.slice(-4).map(({ points: drawn }) => drawn.length));
  expect(points()).toBe(62);
  fireEvent.click(screen.getByRole("button", { name: "5 min" }));
  await vi.waitFor(() => expect(points()).toBe(121));
  const first = container.querySelector("canvas");
  fireEvent.click(screen.getByRole("button", { name: "B/s" }));
  expect(within(figure()).getByText("1000 B/s")).toBeTruthy();
  await vi.waitFor(() => expect(container.querySelectorAll("canvas")).toHaveLength(1));
  expect(container.querySelector("canvas")).not.toBe(first);
  fireEvent.click(screen.getByRole("button", { name: "bit/s" }));
});

test("other lines make another plot, and one that goes away leaves nothing", async () => {
  const feed = new ChartFeed(60_000, () => 0);
  const container = await show(feed, traffic.slice(0, 1));
  take(feed, 1, 1);
  expect(container.querySelectorAll(".uplot")).toHaveLength(1);
  cleanup();
  expect(document.querySelectorAll(".uplot")).toHaveLength(0);
  const before = canvas.strokes.length;
  take(feed, 2, 2);
  expect(canvas.strokes).toHaveLength(before);
});
