import { describe, expect, test } from "vitest";
import type { RowHistory, RowValues } from "#domain/live";
import { Minute, minutePoints } from "./minute.ts";

const values = (rate: number | null, active = 0): RowValues => [7, rate, rate, rate, rate, rate, active, 0, 0];

/** A minute that saw these, a second apart, up to 100 s; a number counts samples that the tab missed, "away" one without this row. */
function seen(...steps: (RowValues | number | "away")[]): Minute {
  const minute = new Minute();
  const length = (step: (typeof steps)[number]) => (typeof step === "number" ? step : 1);
  let atMs = 100_000 - 1000 * steps.reduce<number>((sum, step) => sum + length(step), -1);
  let missed = 0;
  for (const step of steps) {
    if (typeof step === "object") minute.push(step, { atMs, cadenceMs: 1000, missed });
    missed = typeof step === "number" ? step : 0;
    atMs += 1000 * length(step);
  }
  return minute;
}

function history(points: { atMs: number; cadenceMs: number; rate: number | null }[]): RowHistory {
  return {
    id: "tcp:10.0.0.1:80",
    atMs: points.map(({ atMs }) => atMs),
    cadenceMs: points.map(({ cadenceMs }) => cadenceMs),
    values: Array.from({ length: 8 }, () => points.map(({ rate }) => rate)),
  };
}

describe("Minute", () => {
  test("the newest sample is at the right, what was before there is a gap", () => {
    const minute = seen(values(1), values(2));
    expect(minute.series(1)).toHaveLength(minutePoints);
    expect(minute.series(1).slice(-3)).toEqual([null, 1, 2]);
  });

  test("missed samples leave as wide a gap, a rate that could not be told one of a point", () => {
    const minute = seen(values(1), values(null), 2, values(2));
    expect(minute.series(1).slice(-5)).toEqual([1, null, null, null, 2]);
  });

  test("an outage longer than the minute empties it", () => {
    const minute = seen(values(1), 500, values(2));
    expect(minute.series(1).filter((value) => value !== null)).toEqual([2]);
  });

  test("metrics do not run into each other", () => {
    const minute = seen(...Array.from({ length: 100 }, (_, i): RowValues => [7, i, 1000 + i, 0, 0, 0, 5, 6, 7]));
    expect(minute.series(1)[0]).toBe(40);
    expect(minute.series(2)[0]).toBe(1040);
    expect(minute.series(8)).toEqual(Array(minutePoints).fill(7));
  });

  test("stands still once a whole minute was alike, and moves again with the first that differs", () => {
    const minute = seen(...Array.from({ length: minutePoints + 1 }, () => values(3)));
    expect(minute.still).toBe(true);
    minute.push(values(4), { atMs: 101_000, cadenceMs: 1000, missed: 0 });
    expect(minute.still).toBe(false);
  });

  test("a past kept at ten seconds is drawn without gaps, up to what was pushed since", () => {
    const minute = seen(values(9));
    minute.fill(
      history([
        { atMs: 73_000, cadenceMs: 10_000, rate: 1 },
        { atMs: 83_000, cadenceMs: 10_000, rate: 2 },
        { atMs: 93_000, cadenceMs: 10_000, rate: 3 },
      ]),
    );
    const series = minute.series(1);
    expect(series.slice(-37)).toEqual([
      ...Array(10).fill(1),
      ...Array(10).fill(2),
      ...Array(10).fill(3),
      ...Array(7).fill(9),
    ]);
    expect(series[minutePoints - 38]).toBeNull();
  });

  test("an outage in the past stays one", () => {
    const minute = seen(values(9));
    minute.fill(
      history([
        { atMs: 70_000, cadenceMs: 1000, rate: 1 },
        { atMs: 90_000, cadenceMs: 1000, rate: 2 },
      ]),
    );
    expect(minute.series(1).slice(-31)).toEqual([1, ...Array(19).fill(null), 2, ...Array(10).fill(9)]);
  });

  test("an outage that was seen here stays one, though the director remembers both its ends", () => {
    const minute = seen(values(5), 3, values(6));
    minute.fill(
      history([
        { atMs: 96_000, cadenceMs: 1000, rate: 5 },
        { atMs: 100_000, cadenceMs: 1000, rate: 6 },
      ]),
    );
    expect(minute.series(1).slice(-5)).toEqual([5, null, null, null, 6]);
  });

  test("what the director saw during an outage of this tab alone is filled in", () => {
    const minute = seen(values(5), 3, values(6));
    minute.fill(history([{ atMs: 98_000, cadenceMs: 1000, rate: 7 }]));
    expect(minute.series(1).slice(-5)).toEqual([5, null, 7, null, 6]);
  });

  test("a row that was off screen for a moment wants its past, and then has no gap", () => {
    const minute = seen(values(5), values(5), "away", "away", "away", values(6));
    expect(minute.series(1).slice(-5)).toEqual([5, null, null, null, 6]);
    expect(minute.wantsPast).toBe(true);
    minute.fill(history([]));
    expect(minute.series(1).slice(-5)).toEqual([5, 6, 6, 6, 6]);
  });

  test("the past never overwrites what was seen here", () => {
    const minute = seen(values(5), values(6));
    minute.fill(history([{ atMs: 100_000, cadenceMs: 10_000, rate: 1 }]));
    expect(minute.series(1).slice(-3)).toEqual([1, 5, 6]);
  });
});
