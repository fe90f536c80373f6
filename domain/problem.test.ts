import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { z } from "zod";
import { changesSchema, maxChanges } from "./change.ts";
import { INT_MAX, whole } from "./numbers.ts";
import { type Problem, problemCodes, problemsOf, report } from "./problem.ts";

function problems(schema: z.ZodType, value: unknown): Problem[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : problemsOf(parsed.error);
}

describe("problemsOf", () => {
  const schema = z.object({ name: z.string(), list: z.array(z.object({ yes: z.boolean() })) });

  it("tells a value that is missing from one of a wrong type", () => {
    expect(problems(schema, { list: [{ yes: "no" }, {}] })).toEqual([
      { code: "REQUIRED", params: {}, path: ["name"] },
      { code: "WRONG_SHAPE", params: {}, path: ["list", 0, "yes"] },
      { code: "REQUIRED", params: {}, path: ["list", 1, "yes"] },
    ]);
    expect(problems(schema, null)).toEqual([{ code: "WRONG_SHAPE", params: {}, path: [] }]);
  });

  it("looks into the branch of a union that came furthest", () => {
    const union = z.union([z.object({ a: z.string() }), z.object({ a: z.number(), b: z.number() })]);
    expect(problems(z.object({ it: union }), { it: { a: true } }).map(({ path }) => path)).toContainEqual(["it", "b"]);
  });

  it("takes a stranger's message for none of ours", () => {
    const stranger = z.string().refine(() => false, "too bad");
    expect(problems(stranger, "x")).toEqual([{ code: "WRONG_SHAPE", params: {}, path: [] }]);
  });

  it("carries params and the path below where it was reported", () => {
    const reporting = z
      .unknown()
      .transform((_value, ctx) => report(ctx, "PORT_MUST_MATCH", { port: 80 }, ["server", "port"]));
    expect(problems(z.array(reporting), ["x"])).toEqual([
      { code: "PORT_MUST_MATCH", params: { port: 80 }, path: [0, "server", "port"] },
    ]);
  });
});

describe("whole", () => {
  const weight = whole(0, INT_MAX);
  test.each([
    [0, 0],
    ["0", 0],
    [" 42 ", 42],
    ["+7", 7],
    ["007", 7],
    [INT_MAX, INT_MAX],
    [String(INT_MAX), INT_MAX],
  ])("takes %j for %i", (value, number) => {
    expect(weight.parse(value)).toBe(number);
  });

  test.each([
    ["", "REQUIRED"],
    ["  ", "REQUIRED"],
    [null, "REQUIRED"],
    [undefined, "REQUIRED"],
    ["five", "NOT_A_WHOLE_NUMBER"],
    ["1.5", "NOT_A_WHOLE_NUMBER"],
    [1.5, "NOT_A_WHOLE_NUMBER"],
    ["1e3", "NOT_A_WHOLE_NUMBER"],
    ["0x10", "NOT_A_WHOLE_NUMBER"],
    [Number.NaN, "NOT_A_WHOLE_NUMBER"],
    [Number.POSITIVE_INFINITY, "NOT_A_WHOLE_NUMBER"],
    [true, "NOT_A_WHOLE_NUMBER"],
    [[5], "NOT_A_WHOLE_NUMBER"],
    ["-1", "OUT_OF_RANGE"],
    [-1, "OUT_OF_RANGE"],
    [INT_MAX + 1, "OUT_OF_RANGE"],
    ["999999999999999", "OUT_OF_RANGE"],
  ])("refuses %j with %s", (value, code) => {
    expect(problems(weight, value)).toMatchObject([{ code }]);
  });
});

describe("changesSchema", () => {
  it("answers whatever it is given with problems of ours that name a change, and never throws", () => {
    const verb = fc.constantFrom(
      "add-service",
      "edit-service",
      "remove-service",
      "add-server",
      "edit-server",
      "set-weight",
      "drain-server",
      "x",
    );
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          verb,
          service: fc.jsonValue(),
          server: fc.jsonValue(),
          spec: fc.jsonValue(),
          weight: fc.jsonValue(),
          expected: fc.jsonValue(),
        },
        { requiredKeys: ["verb"] },
      ),
    );
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (changes) => {
        const found = problems(changesSchema, changes);
        expect(found.length).toBeGreaterThan(0);
        for (const { code, path } of found) {
          expect(problemCodes).toContain(code);
          expect(path[0]).toBeLessThan(changes.length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("says of a batch that is too long how long it is and may be, and nothing of what is in it", () => {
    const tooMany = { code: "TOO_MANY", params: { count: maxChanges + 1, max: maxChanges }, path: [] };
    expect(problems(changesSchema, new Array(maxChanges + 1).fill({ verb: "none" }))).toEqual([tooMany]);
    expect(problems(changesSchema, [])).toEqual([{ code: "WRONG_SHAPE", params: {}, path: [] }]);
    const longest = new Array(maxChanges).fill({
      verb: "remove-service",
      service: { kind: "fwmark", family: 4, mark: 1 },
    });
    expect(problems(changesSchema, longest)).toEqual([]);
  });

  it("gives a canonical change back as it is, so that two processes that check it agree", () => {
    const changes = [
      {
        verb: "add-service",
        service: { kind: "address", protocol: "tcp", address: "2001:DB8::1", port: "80" },
        spec: {
          scheduler: "sh",
          schedulerFlags: ["flag-2", "flag-1"],
          persistence: { timeoutS: "60", netmask: "/64" },
          onePacket: false,
          engine: "",
        },
      },
      {
        verb: "edit-server",
        service: { kind: "fwmark", family: 4, mark: "7" },
        server: {
          address: "10.0.0.1",
          port: "0",
          forward: "direct",
          weight: "1",
          upperThreshold: "5",
          lowerThreshold: "0",
          tunnel: null,
        },
        expected: {
          address: "10.0.0.1",
          port: 0,
          forward: "forward-6",
          weight: -5,
          upperThreshold: 4_294_967_295,
          lowerThreshold: 0,
          tunnel: null,
        },
      },
    ];
    const once = changesSchema.parse(changes);
    expect(once).toMatchObject([
      {
        service: { address: "2001:db8::1", port: 80 },
        spec: { schedulerFlags: ["flag-1", "flag-2"], persistence: { timeoutS: 60, netmask: "64" }, engine: null },
      },
      {
        service: { mark: 7 },
        server: { port: 0, weight: 1, upperThreshold: 5 },
        expected: { forward: "forward-6", weight: -5 },
      },
    ]);
    expect(changesSchema.parse(once)).toEqual(once);
  });
});
