import { describe, expect, it } from "vitest";
import { maxTextBytes } from "#domain/rules/lines";
import { readRuleFile } from "./read-rule-file.ts";
import { docOf } from "./rule-doc.ts";
import { ruleFileName } from "./save-file.ts";

const file = (...bytes: number[]) => new Blob([new Uint8Array(bytes)]);

describe("a file that is opened", () => {
  it("is text in UTF-8, or in UTF-16 that says so", async () => {
    expect(await readRuleFile(new Blob(["# Ω\n-C\n"]))).toEqual({ text: "# Ω\n-C\n" });
    expect(await readRuleFile(file(0xff, 0xfe, 0x2d, 0, 0x43, 0))).toEqual({ text: "-C" });
    expect(await readRuleFile(file(0xfe, 0xff, 0, 0x2d, 0, 0x43))).toEqual({ text: "-C" });
  });

  it("is refused when it is none", async () => {
    expect(await readRuleFile(file(0x2d, 0x43, 0, 0x0a))).toEqual({ refusal: "fileBinary" });
    expect(await readRuleFile(file(0xc3, 0x28))).toEqual({ refusal: "fileBinary" });
  });

  it("is not read at all when it is too long, and may be just as long as rules may be", async () => {
    const never = { size: maxTextBytes + 1, arrayBuffer: () => Promise.reject(new Error("read")) };
    expect(await readRuleFile(never)).toEqual({ refusal: "fileTooLong" });
    expect(await readRuleFile({ ...never, size: maxTextBytes })).toEqual({ refusal: "fileUnreadable" });
  });
});

describe("a text in the editor", () => {
  it("has the line ends that the editor has, so that both count the same lines", () => {
    const doc = docOf("\ufeff-A -f 7\r\n-C\r# end");
    expect([doc.read(), doc.lines, doc.length]).toEqual(["-A -f 7\n-C\n# end", 3, 16]);
    expect(docOf("").lines).toBe(1);
  });

  it("is kept in a file whose name every system takes", () => {
    expect(ruleFileName("lb 1/ä", new Date(2026, 0, 2, 3, 4).getTime(), "boot")).toBe(
      "ipvs-lb-1--20260102-0304-boot.rules",
    );
  });
});
