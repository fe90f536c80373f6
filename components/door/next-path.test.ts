import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextPage } from "./next-path.ts";

const origin = "https://lb1.example:3000";

describe("nextPage", () => {
  test.each([
    ["/services?search=a%20b&open=all#x", `${origin}/services?search=a%20b&open=all#x`],
    ["/services/tcp%3A192.0.2.10%3A80", `${origin}/services/tcp%3A192.0.2.10%3A80`],
    ["/", `${origin}/`],
  ])("%s is a page of ours", (next, page) => expect(nextPage(next, origin)).toBe(page));

  test.each([
    null,
    "",
    "services",
    "//evil.example",
    "//evil.example/services",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n\\evil.example",
    " //evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "https:evil.example",
    "/login",
    "/login?next=/login",
  ])("%j leads to the first page", (next) => expect(nextPage(next, origin)).toBe(`${origin}/`));

  test("a path that becomes another host's once it is normalised stays here", () => {
    for (const next of ["/.//evil.example", "/./\\evil.example", "/x/..//evil.example"])
      expect(new URL(nextPage(next, origin)).origin).toBe(origin);
  });

  test("whatever is written there, it leads nowhere else", () => {
    const piece = fc.constantFrom(
      "/",
      "\\",
      ".",
      "..",
      "\t",
      "\n",
      "\r",
      "@",
      ":",
      "evil.example",
      "http:",
      "%2f",
      "?",
      "#",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((pieces) => pieces.join("")),
        ),
        (next) => {
          const page = nextPage(next, origin);
          // As location.assign() reads it.
          expect(new URL(page, `${origin}/login`).origin).toBe(origin);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
