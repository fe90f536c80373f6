import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { colouredWords } from "./coloured-words.ts";

const words = (line: string) => colouredWords(line).map(({ from, to, kind }) => `${kind} ${line.slice(from, to)}`);

describe("the words of a rule by what they are", () => {
  it("are the command, its options, and what goes with them", () => {
    expect(words("-a -t [2001:db8::1]:80 -r web1:http -m -w 5")).toEqual([
      "command -a",
      "option -t",
      "address [2001:db8::1]:80",
      "option -r",
      "value web1:http",
      "option -m",
      "option -w",
      "value 5",
    ]);
  });

  it("are told apart in bundles and where a value is glued on", () => {
    expect(words("-At192.0.2.1:80 --scheduler=rr -p 300")).toEqual([
      "command -At",
      "address 192.0.2.1:80",
      "option --scheduler=",
      "value rr",
      "option -p",
      "value 300",
    ]);
  });

  it("are comments, and what was typed before a rule", () => {
    expect(words("sudo ipvsadm -C # all of it")).toEqual([
      "before sudo",
      "before ipvsadm",
      "command -C",
      "comment # all of it",
    ]);
    expect(words("  # -A -t x")).toEqual(["comment # -A -t x"]);
  });

  it("never overlap, in any line", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("-", "--", "A", "t", "=", " ", "\t", "#", "1.2.3.4", ":", "–", "\u{1f600}")),
        (parts) => {
          const line = parts.join("");
          let end = 0;
          for (const { from, to } of colouredWords(line)) {
            expect(from).toBeGreaterThanOrEqual(end);
            expect(to).toBeGreaterThan(from);
            end = to;
          }
          expect(end).toBeLessThanOrEqual(line.length);
        },
      ),
    );
  });
});
