import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRules } from "./parse.ts";
import { planRules } from "./plan.ts";
import { comparable, writtenTable } from "./table-arbitrary.ts";
import { applyPlan } from "./table-model.ts";
import { formatTable } from "./table-text.ts";

describe("formatTable", () => {
  it("writes what parseRules reads as the same table, without a word to say", () => {
    fc.assert(
      fc.property(writtenTable, (table) => {
        const text = formatTable(table);
        const { statements, problems, warnings } = parseRules(text);
        expect([...problems, ...warnings]).toEqual([]);
        const ready = statements.filter((statement) => statement.command !== "unresolved");
        expect(ready).toHaveLength(text === "" ? 0 : text.trimEnd().split("\n").length);
        const plan = planRules([], ready, "run");
        expect(plan.refusals).toEqual([]);
        expect(
          comparable(
            applyPlan(
              [],
              plan.changes.map(({ change }) => change),
            ),
          ),
        ).toEqual(comparable(table));
      }),
      { numRuns: 500 },
    );
  });

  it("writes a row that no text can restore so that it is refused by name", () => {
    const text = formatTable([
      {
        key: { kind: "address", protocol: "ip-50", address: "10.0.0.9", port: 80 },
        spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
        servers: [],
      },
      {
        key: { kind: "fwmark", family: 4, mark: 1 },
        spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
        servers: [
          {
            spec: {
              ...{ address: "10.1.0.1", port: 80, forward: "bypass", weight: 1 },
              ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: null },
            },
          },
        ],
      },
    ]);
    expect(parseRules(text).problems.map(({ line, code }) => [line, code])).toEqual([
      [1, "PROTOCOL_WITHOUT_OPTION"],
      [3, "FORWARD_WITHOUT_NAME"],
    ]);
  });
});
