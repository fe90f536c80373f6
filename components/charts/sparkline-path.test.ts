import { expect, test } from "vitest";
import { sparklinePath } from "./sparkline-path.ts";

test("the newest value is at the right edge, zero at the bottom, the top value at the top", () => {
  const { line, area } = sparklinePath([0, 5, 10], 3, 20, 10, 10);
  expect(line).toBe("M0 10L10 5L20 0");
  expect(area).toBe("M0 10L0 10L10 5L20 0V10Z");
});

test("a short history leaves the left part empty", () => {
  expect(sparklinePath([10, 10], 5, 40, 10, 10).line).toBe("M30 0L40 0");
});

test("only the newest values are drawn", () => {
  expect(sparklinePath([1, 2, 10, 10], 2, 10, 10, 10).line).toBe("M0 0L10 0");
});

test("a gap interrupts the line, and a lone value between gaps is still seen", () => {
  expect(sparklinePath([10, 10, null, 0, null, 10, 10], 7, 60, 10, 10).line).toBe("M0 0L10 0M25 10L35 10M50 0L60 0");
});

test("what exceeds the top is cut to it, and nothing is drawn of nothing", () => {
  expect(sparklinePath([20, 0], 2, 10, 10, 10).line).toBe("M0 0L10 10");
  expect(sparklinePath([], 60, 10, 10, 10)).toEqual({ line: "", area: "" });
  expect(sparklinePath([null, null], 60, 10, 10, 10)).toEqual({ line: "", area: "" });
});
