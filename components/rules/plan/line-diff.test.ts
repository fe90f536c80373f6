import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { diffLines } from "./line-diff.ts";

/** Every stretch of `a` replaced by its counterpart in `b`. */
function patched(a: string, b: string): string {
  let text = "";
  let at = 0;
  for (const { fromA, toA, fromB, toB } of diffLines(a, b)) {
    text += a.slice(at, fromA) + b.slice(fromB, toB);
    at = toA;
  }
  return text + a.slice(at);
}
const lines = (a: string, b: string) =>
  diffLines(a, b).map(({ fromA, toA, fromB, toB, edited }) => [a.slice(fromA, toA), b.slice(fromB, toB), edited]);

describe("the difference of two texts of rules", () => {
  it("turns the one into the other, whatever they are", () => {
    const line = fc.constantFrom(
      "-A -t 192.0.2.1:80 -s wlc",
      "-A -t 192.0.2.1:80 -s rr",
      "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1",
      "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 2",
      "-A -f 7 -6 -s rr",
      "",
      "# a comment",
    );
    const text = fc
      .tuple(fc.array(line, { maxLength: 12 }), fc.boolean())
      .map(([parts, ends]) => parts.join("\n") + (ends && parts.length > 0 ? "\n" : ""));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(patched(a, b)).toBe(b);
        let [endA, endB] = [-1, -1];
        for (const { fromA, toA, fromB, toB } of diffLines(a, b)) {
          expect(fromA).toBeGreaterThanOrEqual(endA);
          expect(fromB).toBeGreaterThanOrEqual(endB);
          expect(toA - fromA + (toB - fromB)).toBeGreaterThan(0);
          [endA, endB] = [toA, toB];
        }
      }),
      { numRuns: 500 },
    );
  });

  it("is nothing for the same text", () => {
    expect(diffLines("-A -f 7 -s rr\n", "-A -f 7 -s rr\n")).toEqual([]);
    expect(diffLines("", "")).toEqual([]);
  });

  it("puts a row that was edited beside what it was, and leaves those around it alone", () => {
    const before = "-A -t 192.0.2.1:80 -s wlc\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n-A -f 7 -s rr\n";
    const after = "-A -t 192.0.2.1:80 -s wlc\n-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 5\n-A -f 7 -s rr\n";
    expect(lines(before, after)).toEqual([
      ["-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 1\n", "-a -t 192.0.2.1:80 -r 10.0.0.1:80 -m -w 5\n", true],
    ]);
  });

  it("keeps rows apart that only look alike", () => {
    const before = "-A -f 7 -s rr\n-A -t 192.0.2.1:80 -s rr\n";
    const after = "-A -f 7 -6 -s rr\n-A -t 192.0.2.2:80 -s rr\n";
    expect(lines(before, after)).toEqual([[before, after, false]]);
  });
});
