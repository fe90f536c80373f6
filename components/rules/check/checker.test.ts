import { describe, expect, it, vi } from "vitest";
import { type CheckedText, checkText } from "./check-text.ts";
import { type CheckAnswer, Checker, type CheckRequest, longestInPage } from "./checker.ts";

const text = (content: string) => ({ length: content.length, read: () => content });

function setUp(inPage = vi.fn(async (content: string) => checkText(content))) {
  const posted: CheckRequest[] = [];
  const port = { answer: (_answer: CheckAnswer) => {}, fail: () => {}, closed: false };
  const checked: [string, CheckedText | null][] = [];
  const checker = new Checker<ReturnType<typeof text>>(
    (onAnswer, onFailed) => {
      Object.assign(port, { answer: onAnswer, fail: onFailed });
      return { post: (request) => posted.push(request), close: () => Object.assign(port, { closed: true }) };
    },
    inPage,
    (of, result) => checked.push([of.read().slice(0, 20), result]),
  );
  const answer = () => {
    const request = posted.at(-1);
    if (!request) throw new Error("nothing was posted");
    port.answer({ number: request.number, checked: checkText(request.text) });
  };
  return { checker, posted, port, checked, answer, inPage };
}

describe("checking beside the page", () => {
  it("keeps only the last text that comes while one is checked", () => {
    const { checker, posted, checked, answer } = setUp();
    for (const content of ["-A", "-B", "-C"]) checker.check(text(content));
    expect(posted.map((request) => request.text)).toEqual(["-A"]);
    answer();
    expect(posted.map((request) => request.text)).toEqual(["-A", "-C"]);
    answer();
    expect(checked.map(([of]) => of)).toEqual(["-A", "-C"]);
    expect(checked[0]?.[1]?.totals.problems).toBe(1);
  });

  it("goes on in the page when it cannot be had, save for a text that is too long", async () => {
    const { checker, port, checked, inPage } = setUp();
    checker.check(text("-A"));
    port.fail();
    await vi.waitFor(() => expect(checked).toHaveLength(1));
    checker.check(text("-C\n".repeat(longestInPage)));
    await vi.waitFor(() => expect(checked).toHaveLength(2));
    expect(checked[1]?.[1]).toBeNull();
    expect(inPage).toHaveBeenCalledTimes(1);
  });

  it("says nothing after it was closed, and ends the worker", () => {
    const { checker, port, checked, answer } = setUp();
    checker.check(text("-A"));
    checker.close();
    answer();
    expect([port.closed, checked]).toEqual([true, []]);
  });
});

describe("a check", () => {
  it("recognises a listing, and counts more remarks than it tells", () => {
    const listing = checkText("TCP  192.0.2.10:80 wlc\n  -> 10.0.0.1:80 Masq 1 0 0\n");
    expect([listing.listing, listing.rules, listing.totals.problems]).toEqual([true, 2, 0]);
    const faulty = checkText("-A -t 192.0.2.10\n".repeat(2500));
    expect([faulty.problems.length, faulty.totals.problems]).toEqual([2000, 2500]);
  });
});
