import fc from "fast-check";
import { expect, test } from "vitest";
import { type DrainPoint, drainProgress } from "#domain/drain";

const line = (from: number, perSecond: number, seconds: number): DrainPoint[] =>
  Array.from({ length: seconds + 1 }, (_, s) => ({
    atMs: 1_700_000_000_000 + s * 1000,
    connections: from + perSecond * s,
  }));

test("a steady fall tells when none will be left", () => {
  const progress = drainProgress(line(100, -2, 30));
  expect(progress.remaining).toBe(40);
  expect(progress.peak).toBe(100);
  expect(progress.fallingPerSecond).toBeCloseTo(2);
  expect(progress.emptyInS).toBeCloseTo(20);
});

test("the pace is that of the last minute", () => {
  const slowThenFast = [
    ...line(1000, 0, 120),
    ...line(1000, -5, 60).map((point) => ({ ...point, atMs: point.atMs + 121_000 })),
  ];
  expect(drainProgress(slowThenFast).emptyInS).toBeCloseTo(700 / 5, 0);
});

test("no estimate without a fall, without enough time, or for a far future", () => {
  expect(drainProgress(line(100, 0, 30)).emptyInS).toBeNull();
  expect(drainProgress(line(100, 1, 30))).toMatchObject({ fallingPerSecond: 0, emptyInS: null });
  expect(drainProgress(line(100, -2, 3)).emptyInS).toBeNull();
  expect(drainProgress([...line(1_000_000, -0.01, 30)]).emptyInS).toBeNull();
  expect(drainProgress([])).toEqual({ remaining: 0, peak: 0, fallingPerSecond: 0, emptyInS: null });
});

test("an empty server is done", () => {
  expect(drainProgress(line(20, -1, 20))).toMatchObject({ remaining: 0, peak: 20, emptyInS: 0 });
});

test("any fall is estimated within what noise allows", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 200, max: 10_000 }),
      fc.integer({ min: 1, max: 3 }),
      fc.infiniteStream(fc.integer({ min: -1, max: 1 })),
      (from, pace, noise) => {
        const points = line(from, -pace, 60).map((point) => ({
          ...point,
          connections: point.connections + (noise.next().value ?? 0),
        }));
        const { remaining, emptyInS } = drainProgress(points);
        expect(Math.abs((emptyInS ?? 0) - remaining / pace)).toBeLessThan(0.1 * (remaining / pace) + 1);
      },
    ),
  );
});
