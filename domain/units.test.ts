import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  axisEnd,
  axisFloor,
  axisScale,
  countText,
  durationParts,
  exactText,
  inShownUnit,
  quantities,
  shortText,
  tickText,
  trafficUnits,
  unitSymbol,
} from "#domain/units";

describe("short numbers", () => {
  test.each([
    [0, "0"],
    [7, "7.00"],
    [200.00001, "200"],
    [2.5, "2.50"],
    [12.34, "12.3"],
    [99.96, "100"],
    [999.4, "999"],
    [999.6, "1.00k"],
    [12_345, "12.3k"],
    [3_000_000_000, "3.00G"],
    [0.004, "<0.01"],
    [0.05, "0.05"],
    [-12_345, "-12.3k"],
  ])("%d packets per second are %s", (value, text) => {
    expect(shortText(value, "packetsPerSecond", "bits")).toBe(text);
  });

  test("what is counted is whole", () => {
    expect(shortText(7, "connections", "bits")).toBe("7");
    expect(shortText(1234, "connections", "bits")).toBe("1.23k");
  });

  test("traffic is bits with decimal prefixes or bytes with binary ones", () => {
    expect(shortText(125_000, "traffic", "bits")).toBe("1.00 Mbit/s");
    expect(shortText(125_000, "traffic", "bytes")).toBe("122 KiB/s");
    expect(shortText(1023, "traffic", "bytes")).toBe("1023 B/s");
    expect(shortText(1024 * 1024 - 1, "traffic", "bytes")).toBe("1.00 MiB/s");
    expect(shortText(0, "traffic", "bits")).toBe("0 bit/s");
  });

  test("a number is never off by more than half of its last digit, and never has a fourth before the prefix", () => {
    const factors: Record<string, number> = { "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 9e14, noNaN: true }), (value) => {
        const [, digits, prefix] = /^([\d.]+)([kMGTP]?)$/.exec(shortText(value, "packetsPerSecond", "bits")) ?? [];
        const read = Number(digits) * (factors[prefix ?? ""] ?? Number.NaN);
        expect(Number(digits)).toBeLessThan(1000);
        expect(Math.abs(read - value)).toBeLessThanOrEqual(Math.max(value * 0.00501, 0.005001));
      }),
    );
  });
});

describe("exact numbers", () => {
  test("a counter keeps all its digits", () => {
    expect(exactText("18446744073709551615")).toBe("18,446,744,073,709,551,615");
    expect(exactText("0")).toBe("0");
  });

  test("a rate keeps two decimals", () => {
    expect(exactText(1234.5678)).toBe("1,234.57");
    expect(exactText(-1234)).toBe("-1,234");
    expect(exactText(-0.001)).toBe("0");
    expect(exactText(1e21)).toBe("1,000,000,000,000,000,000,000");
  });

  test("connections are whole and exact as long as they fit", () => {
    expect(countText(0)).toBe("0");
    expect(countText(12_345)).toBe("12,345");
    expect(countText(1_234_567)).toBe("1.23M");
  });
});

describe("axes", () => {
  test("an idle line does not fill the plot", () => {
    for (const quantity of quantities) {
      for (const unit of trafficUnits) expect(axisEnd(0, quantity, unit)).toBe(axisFloor(quantity, unit));
    }
  });

  test("the end is above what has to be shown, by at most two thirds, and stands still for small moves", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 20_000, max: 1e15, noNaN: true }),
        fc.constantFrom(...quantities),
        fc.constantFrom(...trafficUnits),
        (max, quantity, unit) => {
          const end = axisEnd(max, quantity, unit);
          expect(end).toBeGreaterThan(max);
          expect(end).toBeLessThanOrEqual(max * 1.67);
          expect(axisEnd(end / 1.06, quantity, unit)).toBeLessThanOrEqual(end);
        },
      ),
    );
  });

  test("one prefix serves a whole axis", () => {
    expect(axisScale(25_000_000, "traffic", "bits")).toEqual({ divisor: 1e6, prefix: "M" });
    expect(axisScale(3 * 1024 * 1024, "traffic", "bytes")).toEqual({ divisor: 1024 ** 2, prefix: "Mi" });
    expect(axisScale(800, "connectionsPerSecond", "bits")).toEqual({ divisor: 1, prefix: "" });
    expect(tickText(-2_500_000, axisScale(25_000_000, "traffic", "bits"))).toBe("2.5M");
    expect(tickText(0, axisScale(25_000_000, "traffic", "bits"))).toBe("0");
    expect(unitSymbol("traffic", "bytes")).toBe("B/s");
  });

  test("bytes become bits only where traffic is shown as bits", () => {
    expect(inShownUnit(10, "traffic", "bits")).toBe(80);
    expect(inShownUnit(10, "traffic", "bytes")).toBe(10);
    expect(inShownUnit(10, "packetsPerSecond", "bits")).toBe(10);
  });
});

test("durations keep their two largest units", () => {
  expect(durationParts(42.4)).toEqual({ unit: "seconds", large: 42, small: 0 });
  expect(durationParts(59.7)).toEqual({ unit: "minutes", large: 1, small: 0 });
  expect(durationParts(3_725)).toEqual({ unit: "hours", large: 1, small: 2 });
  expect(durationParts(200_000)).toEqual({ unit: "days", large: 2, small: 7 });
  expect(durationParts(-5)).toEqual({ unit: "seconds", large: 0, small: 0 });
});
