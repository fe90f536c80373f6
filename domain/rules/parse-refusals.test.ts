import { describe, expect, it, test } from "vitest";
import { parseRules } from "./parse.ts";

/** What is said of a text, each thing as `line:column-endColumn CODE`. */
function said(text: string): { problems: string[]; warnings: string[] } {
  const { problems, warnings } = parseRules(text);
  const texts = (list: typeof problems) =>
    list.map(({ line, column, endColumn, code }) => `${line}:${column}-${endColumn} ${code}`);
  return { problems: texts(problems), warnings: texts(warnings) };
}

describe("what is refused", () => {
  it("is told for every line, and for every part of a line", () => {
    expect(
      said("-A -t 10.0.0.9:80 -s best\n\nwhat\n-a -t 10.0.0.9:80 -r 10.0.0.1 -w many -x few\r\n-C").problems,
    ).toEqual(["1:22-26 SCHEDULER_UNKNOWN", "3:1-5 NOT_A_RULE", "4:34-38 NUMBER_INVALID", "4:42-45 NUMBER_INVALID"]);
  });

  test.each([
    "-C -6",
    "--set 1 2 3 -6",
    "-Z -6",
    "--stop-daemon master --ipv6",
    "-L -6",
    "-A -t 10.0.0.9:80 -6",
    "-A -6 -f 7",
  ])("-6 without a mark before it: %s", (line) => {
    expect(parseRules(line).problems.map(({ code }) => code)).toEqual(["SIX_NEEDS_MARK"]);
  });

  test.each<[string, string]>([
    ["[2001:db8::9]]:80", "HOST_INVALID"],
    ["[2001:db8::9]80", "HOST_INVALID"],
    ["[2001:db8::9::1]:80", "HOST_INVALID"],
    ["[2001:00db8::9]:80", "HOST_INVALID"],
    ["10.256.9:80", "HOST_INVALID"],
    ["09.0.0.9:80", "HOST_INVALID"],
    ["1.2.3.4.5:80", "HOST_INVALID"],
    ["10.0.0.9/32:80", "HOST_INVALID"],
    [":80", "HOST_INVALID"],
    ["80", "HOST_IS_NUMBER"],
    ["10.0.0.9:", "PORT_INVALID"],
    ["10.0.0.9:-1", "PORT_INVALID"],
    ["[2001:db8::9", "BRACKETS_NOT_CLOSED"],
    ["[2001:db8::9]", "BRACKETS_NEED_PORT"],
    ["2001:db8::9:80", "PORT_MISSING"],
    ["fe80::1%eth0", "ADDRESS_WITH_ZONE"],
  ])("no address with a port: %s", (text, code) => {
    expect(parseRules(`-A -t ${text}`).problems.map((problem) => problem.code)).toEqual([code]);
  });

  it("names the letter of a bundle, and with the first one its dash", () => {
    expect(said("-Aq").problems).toEqual(["1:3-4 UNKNOWN_OPTION"]);
    expect(said("-C -n").problems).toEqual(["1:4-6 OPTION_NOT_ALLOWED"]);
  });

  it("is told ten times for one line at most, since a long one could hold thousands", () => {
    expect(parseRules(`-C ${"x ".repeat(2_000)}\n-C all`).problems.map(({ line }) => line)).toEqual([
      ...Array.from({ length: 10 }, () => 1),
      2,
    ]);
  });

  it("takes nothing of a text that is too long", () => {
    expect(said("-C\n".repeat(6_000_000))).toEqual({ problems: ["1:1-2 TEXT_TOO_LONG"], warnings: [] });
  });
});
