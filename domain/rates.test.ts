import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { countersPerRow, halvesOf } from "./counters.ts";
import { counterPeriodMs, ratesOf, slopeElapsedMs, slopeMs, writeRates } from "./rates.ts";

const row = (...values: bigint[]) => halvesOf(BigUint64Array.from(values));

describe("writeRates", () => {
  it("is the difference over the time, a second", () => {
    const out = new Float32Array(2 * countersPerRow);
    writeRates(
      row(0n, 0n, 0n, 2n ** 60n, 5n),
      0,
      row(40n, 4n, 0n, 2n ** 60n + 4000n, 5n),
      0,
      4000,
      out,
      countersPerRow,
    );
    expect(Array.from(out)).toEqual([0, 0, 0, 0, 0, 10, 1, 0, 1000, 0]);
    expect(ratesOf(out, 1)).toEqual({
      connectionsPerSecond: 10,
      inPacketsPerSecond: 1,
      outPacketsPerSecond: 0,
      inBytesPerSecond: 1000,
      outBytesPerSecond: 0,
    });
  });

  it.each([0, 1, 2, 3, 4])("is a gap in all five when counter %i went down", (which) => {
    const before = [9n, 9n, 9n, 9n, 9n];
    const after = before.map((value, index) => (index === which ? 8n : value + 1_000_000n));
    const out = new Float32Array(countersPerRow).fill(1);
    writeRates(row(...before), 0, row(...after), 0, 4000, out, 0);
    expect(Array.from(out)).toEqual(new Array(5).fill(Number.NaN));
    expect(ratesOf(out, 0)).toBeNull();
  });

  it.each([0, -5])("is a gap when %i ms went by", (elapsedMs) => {
    const out = new Float32Array(countersPerRow);
    writeRates(row(0n, 0n, 0n, 0n, 0n), 0, row(1n, 1n, 1n, 1n, 1n), 0, elapsedMs, out, 0);
    expect(ratesOf(out, 0)).toBeNull();
  });

  it("has no rates for a row that is not there", () => {
    expect(ratesOf(new Float32Array(0), 0)).toBeNull();
  });

  it("never makes a rate that is negative or infinite", () => {
    const five = fc.array(fc.bigInt({ min: 0n, max: 2n ** 52n }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(five, five, fc.integer({ min: -10, max: 100_000 }), (before, after, elapsedMs) => {
        const out = new Float32Array(countersPerRow);
        writeRates(row(...before), 0, row(...after), 0, elapsedMs, out, 0);
        const gap = elapsedMs <= 0 || after.some((value, index) => value < (before[index] ?? 0n));
        for (const rate of out) expect(gap ? Number.isNaN(rate) : rate >= 0 && Number.isFinite(rate)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe("slopeElapsedMs", () => {
  test.each<[string, string, number]>([
    ["a copy every second sample", "10101010", 4000],
    ["the same, seen from the other one", "01010101", 4000],
    ["a copy seen a second late: the newest four hold one", "10010010", 2000],
    ["a copy seen a second early: the newest four hold three", "10101101", 6000],
    ["no traffic at all", "00000000", 3990],
    ["a row that pauses", "10000010", 3990],
    ["a row that is new", "00000010", 3990],
    ["moves in every sample, faster than the kernel copies", "11111111", 3990],
  ])("%s (%s, newest last) is told over %i ms", (_what, history, expected) => {
    expect(slopeElapsedMs(Number.parseInt(history, 2), 3990)).toBe(expected);
  });

  it("gives a constant stream one rate, whether a sample falls before the kernel's copy or behind it", () => {
    const perPeriod = 400n;
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -300, max: 300 }), { minLength: 30, maxLength: 30 }),
        fc.integer({ min: 0, max: 1999 }),
        (jitterMs, phaseMs) => {
          const atMs = jitterMs.map((jitter, index) => 10_000 + index * 1000 + jitter);
          const seen = atMs.map((ms) => BigInt(Math.floor((ms + phaseMs) / counterPeriodMs)) * perPeriod);
          let history = 0;
          for (let index = 1; index < seen.length; index++) {
            history = ((history << 1) | (seen[index] !== seen[index - 1] ? 1 : 0)) & 255;
            if (index < 9) continue;
            const out = new Float32Array(countersPerRow);
            const counters = (at: number) => row(seen[at] ?? 0n, 0n, 0n, 0n, 0n);
            writeRates(
              counters(index - slopeMs / 1000),
              0,
              counters(index),
              0,
              slopeElapsedMs(history, slopeMs),
              out,
              0,
            );
            expect(out[0]).toBe(200);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
