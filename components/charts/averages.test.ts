import { expect, test } from "vitest";
import { averageStepS, averages, valueAt } from "./averages.ts";

test("averages stand over whole steps of the clock, newest first, and leave gaps out", () => {
  const times = [9_000, 10_000, 12_000, 14_000, 15_000, 21_000];
  const columns = [
    [99, 1, 3, null, 10, undefined],
    [99, null, null, null, 7, 8],
  ];
  expect(averages(times, columns, 10_000, 21_000, 5)).toEqual([
    { fromMs: 20_000, values: [null, 8] },
    { fromMs: 15_000, values: [10, 7] },
    { fromMs: 10_000, values: [2, null] },
  ]);
  expect(averages([], [[]], 0, 1000, 5)).toEqual([]);
});

test("a table has 10 to 15 rows, whatever the window", () => {
  for (const windowS of [60, 300, 900]) {
    expect(windowS / averageStepS(windowS)).toBeGreaterThanOrEqual(10);
    expect(windowS / averageStepS(windowS)).toBeLessThanOrEqual(15);
  }
});

test("a row with a slow cadence shows its last value, a gap shows none", () => {
  expect(valueAt([1, undefined, undefined], 2)).toBe(1);
  expect(valueAt([1, null, undefined], 2)).toBeNull();
  expect(valueAt([], 0)).toBeNull();
  expect(valueAt([5], 9)).toBe(5);
});
