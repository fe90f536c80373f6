import { expect, test } from "vitest";
import type { RowHistory } from "#domain/live";
import { metrics, Timeline } from "./timeline.ts";

const values = (connectionsPerSecond: number | null): (number | null)[] => metrics.map(() => connectionsPerSecond);

function history(id: string, points: [atMs: number, cadenceMs: number, value: number | null][]): RowHistory {
  return {
    id,
    atMs: points.map(([at]) => at),
    cadenceMs: points.map(([, cadence]) => cadence),
    values: metrics.map(() => points.map(([, , value]) => value)),
  };
}

const live = (id: string, value: number | null) => new Map([[id, values(value)]]);

test("live samples follow what the director remembers, without doubles", () => {
  const timeline = new Timeline(60_000);
  timeline.load([
    history("a", [
      [1000, 1000, 1],
      [2000, 1000, 2],
    ]),
  ]);
  timeline.append(2000, 1000, live("a", 99));
  timeline.append(3000, 1000, live("a", 3));
  expect(timeline.view.times).toEqual([1000, 2000, 3000]);
  expect(timeline.view.column("a", "connectionsPerSecond")).toEqual([1, 2, 3]);
});

test("history that arrives after live samples goes before them", () => {
  const timeline = new Timeline(60_000);
  timeline.append(3000, 1000, live("a", 3));
  timeline.load([
    history("a", [
      [1000, 1000, 1],
      [2000, 1000, 2],
      [3000, 1000, 3],
    ]),
  ]);
  timeline.append(4000, 1000, live("a", 4));
  expect(timeline.view.column("a", "active")).toEqual([1, 2, 3, 4]);
});

test("missed samples interrupt the line; a late one does not", () => {
  const timeline = new Timeline(60_000);
  for (const [at, value] of [
    [1000, 1],
    [3000, 2],
    [9000, 3],
    [10_000, 4],
  ] as const)
    timeline.append(at, 1000, live("a", value));
  expect(timeline.view.times).toEqual([1000, 3000, 6000, 9000, 10_000]);
  expect(timeline.view.column("a", "inactive")).toEqual([1, 2, null, 3, 4]);
});

test("a slow cadence is not a gap, beside a row with a fast one either", () => {
  const timeline = new Timeline(60_000);
  const fine = Array.from({ length: 21 }, (_, i) => [i * 1000, 1000, i] as [number, number, number]);
  timeline.load([
    history("fine", fine),
    history("coarse", [
      [0, 10_000, 1],
      [10_000, 10_000, 2],
      [20_000, 10_000, 3],
    ]),
  ]);
  const column = timeline.view.column("coarse", "active");
  expect(column.filter((value) => value !== undefined)).toEqual([1, 2, 3]);
  expect(column).not.toContain(null);
  expect(timeline.view.column("fine", "active")).toHaveLength(21);
});

test("only the row that missed its samples has the gap", () => {
  const timeline = new Timeline(60_000);
  timeline.load([
    history("a", [
      [0, 1000, 1],
      [10_000, 1000, 2],
    ]),
    history("b", [
      [0, 10_000, 1],
      [10_000, 10_000, 2],
    ]),
  ]);
  expect(timeline.view.column("a", "active")).toEqual([1, null, 2]);
  expect(timeline.view.column("b", "active")).toEqual([1, undefined, 2]);
});

test("what was not kept of a row while the director sampled is no gap; where it did not sample, it is", () => {
  const timeline = new Timeline(120_000);
  const table = [...Array.from({ length: 21 }, (_, i) => i * 1000), 60_000, 61_000].map(
    (at, i) => [at, 1000, i] as [number, number, number],
  );
  timeline.load([
    history("", table),
    history("a", [
      [0, 1000, 1],
      [1000, 1000, 2],
      [9000, 1000, 3],
      [20_000, 1000, 4],
      [60_000, 1000, 5],
    ]),
  ]);
  const own = timeline.view.column("a", "active").filter((value) => value !== undefined);
  expect(own).toEqual([1, 2, 3, 4, null, 5]);
  timeline.append(62_000, 1000, live("", 1));
  timeline.append(63_000, 1000, live("", 1));
  timeline.append(
    64_000,
    1000,
    new Map([
      ["", values(1)],
      ["a", values(6)],
    ]),
  );
  expect(timeline.view.column("a", "active").filter((value) => value !== undefined)).toEqual([1, 2, 3, 4, null, 5, 6]);
});

test("a row that is gone gets gaps, and one that comes later starts there", () => {
  const timeline = new Timeline(60_000);
  timeline.append(1000, 1000, live("a", 1));
  timeline.append(
    2000,
    1000,
    new Map([
      ["a", null],
      ["b", values(5)],
    ]),
  );
  timeline.append(
    3000,
    1000,
    new Map([
      ["a", null],
      ["b", values(6)],
    ]),
  );
  expect(timeline.view.column("a", "active")).toEqual([1, null, null]);
  expect(timeline.view.column("b", "active")).toEqual([undefined, 5, 6]);
  timeline.keep(["b"]);
  expect(timeline.view.times).toEqual([2000, 3000]);
  expect(timeline.view.column("a", "active")).toEqual([]);
});

test("memory is bounded: what is older than kept goes", () => {
  const timeline = new Timeline(10_000);
  for (let i = 0; i < 1000; i++) timeline.append(i * 1000, 1000, live("a", i));
  expect(timeline.view.times.length).toBeLessThanOrEqual(10 + 60 + 1);
  expect(timeline.view.column("a", "active").at(-1)).toBe(999);
  expect(timeline.view.column("a", "active")).toHaveLength(timeline.view.times.length);
});

test("when the director's clock is set back, the line starts anew", () => {
  const timeline = new Timeline(60_000);
  timeline.append(100_000, 1000, live("a", 1));
  timeline.append(50_000, 1000, live("a", 2));
  timeline.append(51_000, 1000, live("a", 3));
  expect(timeline.view.times).toEqual([50_000, 51_000]);
  expect(timeline.view.column("a", "active")).toEqual([2, 3]);
});
