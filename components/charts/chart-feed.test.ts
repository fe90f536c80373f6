import { expect, test, vi } from "vitest";
import { ChartFeed } from "./chart-feed.ts";
import { metrics } from "./timeline.ts";

const row = (value: number) => new Map([["a", metrics.map(() => value)]]);

test("every sample makes one new moment, and old moments stay as they were", () => {
  const feed = new ChartFeed(60_000, () => 0);
  const listener = vi.fn();
  const unsubscribe = feed.subscribe(listener);
  feed.sample(1000, 1000, row(1));
  const first = feed.moment();
  expect(feed.moment()).toBe(first);
  feed.sample(2000, 1000, row(2));
  expect(listener).toHaveBeenCalledTimes(2);
  expect(feed.moment()).toMatchObject({ toMs: 2000, sampledAtMs: 2000 });
  expect(first).toMatchObject({ toMs: 1000, sampledAtMs: 1000 });
  unsubscribe();
  feed.sample(3000, 1000, row(3));
  expect(listener).toHaveBeenCalledTimes(2);
});

test("while samples are missing the right edge moves on, and the return says that some were missed", () => {
  let clockMs = 500_000;
  const feed = new ChartFeed(60_000, () => clockMs);
  expect(feed.sample(1000, 1000, row(1))).toBe(false);
  clockMs += 1000;
  const moment = feed.moment();
  feed.tick();
  expect(feed.moment()).toBe(moment);
  clockMs += 4000;
  feed.tick();
  expect(feed.moment()).toMatchObject({ toMs: 6000, sampledAtMs: 1000 });
  clockMs += 1000;
  expect(feed.sample(7000, 1000, row(2))).toBe(true);
  expect(feed.moment().column("a", "active")).toEqual([1, null, 2]);
  expect(feed.sample(8000, 1000, row(2))).toBe(false);
});

test("a frozen moment is not emptied when the timeline drops old points", () => {
  const feed = new ChartFeed(10_000, () => 0);
  for (let i = 1; i <= 10; i++) feed.sample(i * 1000, 1000, row(i));
  const frozen = feed.moment();
  for (let i = 11; i <= 500; i++) feed.sample(i * 1000, 1000, row(i));
  expect(frozen.times.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((i) => i * 1000));
  expect(frozen.column("a", "active").slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});
