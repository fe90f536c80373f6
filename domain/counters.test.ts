import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { counterDifference, countersOf, countersPerRow, gaugesOf, halvesOf } from "./counters.ts";

const counter = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe("counterDifference", () => {
  it("is exact while two counters are less than 2^53 apart, up and down, however great they are", () => {
    fc.assert(
      fc.property(counter, fc.bigInt({ min: -(2n ** 53n) + 1n, max: 2n ** 53n - 1n }), (before, difference) => {
        const after = before + difference;
        fc.pre(after >= 0n && after < 2n ** 64n);
        const halves = (value: bigint) => halvesOf(BigUint64Array.of(0n, value));
        expect(counterDifference(halves(before), halves(after), 1)).toBe(Number(difference));
      }),
      { numRuns: 2000 },
    );
  });

  it("finds a row that moved to another place", () => {
    const before = halvesOf(BigUint64Array.of(5n, 2n ** 40n));
    const after = halvesOf(BigUint64Array.of(2n ** 40n + 7n));
    expect(counterDifference(before, after, 0, 1)).toBe(7);
  });
});

describe("countersOf and gaugesOf", () => {
  it("keeps every digit of the greatest counters", () => {
    const row = [2n ** 64n - 1n, 2n ** 53n + 1n, 0n, 1n, 12_345_678_901_234_567_890n];
    const counters = BigUint64Array.from([...Array.from({ length: countersPerRow }, () => 9n), ...row]);
    expect(countersOf(counters, 1)).toEqual({
      connections: "18446744073709551615",
      inPackets: "9007199254740993",
      outPackets: "0",
      inBytes: "1",
      outBytes: "12345678901234567890",
    });
    expect(gaugesOf(Uint32Array.of(0, 0, 0, 1, 2, 4_294_967_295), 1)).toEqual({
      active: 1,
      inactive: 2,
      persistent: 4_294_967_295,
    });
  });

  it("reads a view into a larger buffer where the view begins", () => {
    const all = BigUint64Array.of(1n, 2n, 3n, 4n, 5n, 6n);
    expect(Array.from(halvesOf(all.subarray(4)))).toEqual([5, 0, 6, 0]);
  });
});
