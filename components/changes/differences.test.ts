import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differences, rebase } from "./differences.ts";

const fields = ["weight", "forward", "flags"] as const;
const seen = { weight: "5", forward: "nat", flags: ["flag-1"] };

describe("three versions of a record", () => {
  it("show what they changed and what you changed, and where that clashes", () => {
    const theirs = { ...seen, weight: "7", flags: [] };
    const yours = { ...seen, weight: "3", forward: "direct" };
    expect(differences(fields, seen, theirs, yours)).toEqual([
      { field: "weight", seen: "5", theirs: "7", yours: "3", clashes: true },
      { field: "forward", seen: "nat", theirs: "nat", yours: "direct", clashes: false },
      { field: "flags", seen: ["flag-1"], theirs: [], yours: ["flag-1"], clashes: false },
    ]);
  });

  it("do not clash where both did the same", () => {
    const both = { ...seen, weight: "3" };
    expect(differences(fields, seen, both, both).map(({ clashes }) => clashes)).toEqual([false]);
  });

  it("put your changes on top of theirs, and lose none of either but where both changed one field", () => {
    const record = fc.record({
      weight: fc.constantFrom("1", "2"),
      forward: fc.constantFrom("nat", "direct"),
      flags: fc.subarray(["flag-1", "flag-2"]),
    });
    fc.assert(
      fc.property(record, record, record, (was, theirs, yours) => {
        const merged = rebase(was, theirs, yours);
        const left = differences(fields, was, theirs, merged);
        expect(left.filter(({ clashes }) => clashes).map(({ field }) => field)).toEqual(
          differences(fields, was, theirs, yours)
            .filter(({ clashes }) => clashes)
            .map(({ field }) => field),
        );
        for (const { field, theirs: is, yours: mine } of differences(fields, was, theirs, yours)) {
          expect([is, mine]).toContainEqual(merged[field]);
        }
        expect(rebase(was, theirs, was)).toEqual(theirs);
        expect(rebase(was, was, yours)).toEqual(yours);
      }),
    );
  });
});
