import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRules } from "./parse.ts";
import { resolveNames } from "./resolve.ts";
import { noNames } from "./settle.ts";

const words = fc.constantFrom(
  ...["-A", "-a", "-E", "-e", "-D", "-d", "-C", "-Z", "-t", "-u", "-f", "-6", "-s", "-p", "-M", "-r", "-m", "-g", "-i"],
  ...["-w", "-x", "-y", "-o", "-b", "--pe", "--set", "--start-daemon", "--tun-type", "--tun-port", "--", "-", "#", "$"],
  ...["10.0.0.9:80", "[2001:db8::9]:80", "[10.0.0.9]:80", "10.9", "2001:db8::9", "web:http", "7", "rr", "sh", "gue"],
  ...[
    "flag-1,,flag-2",
    ",",
    "255.255.255.0",
    "master",
    "1",
    "-1",
    "ipvsadm",
    "sudo",
    "–A",
    "“",
    "=",
    "-t=",
    "--=",
    "\\",
  ],
  ...["TCP", "FWM", "->", "Masq", "(", "Prot LocalAddress:Port", "\u0000", "\ufeff", "：", "__proto__", "constructor"],
);
const line = fc.array(
  fc.oneof({ weight: 6, arbitrary: words }, { weight: 1, arbitrary: fc.string({ unit: "binary" }) }),
  { maxLength: 12 },
);
const text = fc.oneof(
  fc
    .array(
      line.map((each) => each.join(" ")),
      { maxLength: 12 },
    )
    .map((lines) => lines.join("\n")),
  fc.string({ unit: "binary", maxLength: 400 }),
);

describe("parseRules", () => {
  it("takes any text, and says where in it everything stands that it says", () => {
    fc.assert(
      fc.property(text, (any) => {
        const lines = any.replace(/^\ufeff/, "").split("\n");
        const { statements, problems, warnings } = parseRules(any);
        const resolved = resolveNames(statements, noNames);
        for (const { line: number, column, endColumn } of [
          ...statements,
          ...problems,
          ...warnings,
          ...resolved.problems,
        ]) {
          expect(number).toBeGreaterThanOrEqual(1);
          expect(number).toBeLessThanOrEqual(lines.length);
          expect(column).toBeGreaterThanOrEqual(1);
          expect(endColumn).toBeGreaterThan(column);
          expect(column).toBeLessThanOrEqual((lines[number - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("makes a statement of a line, or says why not", () => {
    fc.assert(
      fc.property(line, (each) => {
        const { statements, problems, warnings } = parseRules(each.join(" "));
        if (statements.length > 0) expect(problems).toEqual([]);
        const silent = statements.length + problems.length + warnings.length === 0;
        const nothing = /^\ufeff?[ \t\r]*($|#)/.test(each.join(" ").replace(/\b(ipvsadm|sudo)\b|[$>%]/g, ""));
        if (silent && each.join("").length > 0 && !each.join(" ").includes("\n")) expect(nothing).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ["rules", "-a -t 10.0.0.9:80 -r 10.0.0.1:8080 -m -w 5\n"],
    ["faults", "-A --tcp-serv 10.0.0.9:80 -s rr -s rr –p $X\n"],
    ["names", "-a -t www.example.org:http -r web:80\n"],
    ["flags", `-A -t 10.0.0.9:80 -b ${"x,".repeat(1_000)}\n`],
    ["a bundle", `-A${"n".repeat(4_000)}\n`],
    ["dashes", `${"-".repeat(4_000)}\n`],
    ["options", `-A ${"-s rr ".repeat(600)}\n`],
    ["hidden rules", "# ipvsadm -A -t 10.0.0.9:80\n"],
    ["prompts", `${"a@".repeat(2_000)}#\n`],
    ["paths", `${"a/".repeat(2_000)}ipvsadm -C\n`],
    ["a listing", "TCP  10.0.0.9:80 rr\n  -> 10.0.0.1:80  Masq 1 0 0\n"],
    ["a listing's flags", `TCP  10.0.0.9:80 rr (${"x,".repeat(1_000)})\n`],
    ["settings of a listing", `TCP  10.0.0.9:80 rr ${"ops ".repeat(1_000)}\n`],
    ["blank lines", "\n"],
    ["blanks", " ".repeat(4_000)],
  ])("does work that grows with the text, no faster: %s", (_what, unit) => {
    const stepsFor = (times: number) => {
      const meter = { steps: 0 };
      parseRules(unit.repeat(times), meter);
      return meter.steps;
    };
    const times = Math.ceil(20_000 / unit.length);
    expect(stepsFor(times)).toBeGreaterThan(unit.length * times * 0.9);
    expect(stepsFor(times)).toBeLessThan(unit.length * times * 8);
    expect(stepsFor(8 * times) / stepsFor(times)).toBeLessThan(8.5);
  });
});
