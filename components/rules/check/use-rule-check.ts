import { useEffect, useState } from "react";
import type { RuleDoc } from "../rule-doc.ts";
import type { CheckedText } from "./check-text.ts";
import { type CheckAnswer, Checker, longestInPage, type OpenCheckPort } from "./checker.ts";

/** How long a text stands still before it is checked. */
const settledMs = 200;
const longSettledMs = 500;

export interface RuleCheck {
  /** what was checked last; the text may have been changed since */
  doc: RuleDoc | null;
  /** null: it is too long to be checked here */
  checked: CheckedText | null;
}

/** What is wrong in the text, as it is typed: checked beside the page, so that typing is never held up. */
export function useRuleCheck(doc: RuleDoc): RuleCheck {
  const [check, setCheck] = useState<RuleCheck>({ doc: null, checked: null });
  const [checker, setChecker] = useState<Checker<RuleDoc> | null>(null);
  useEffect(() => {
    const made = new Checker<RuleDoc>(openWorker, checkInPage, (of, checked) => setCheck({ doc: of, checked }));
    setChecker(made);
    return () => made.close();
  }, []);
  useEffect(() => {
    if (!checker) return;
    const timer = setTimeout(() => checker.check(doc), doc.length > longestInPage ? longSettledMs : settledMs);
    return () => clearTimeout(timer);
  }, [checker, doc]);
  return check;
}

const openWorker: OpenCheckPort = (onAnswer, onFailed) => {
  const worker = new Worker(new URL("./check-worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<CheckAnswer>) => onAnswer(data));
  worker.addEventListener("error", (event) => {
    event.preventDefault();
    onFailed();
  });
  return { post: (request) => worker.postMessage(request), close: () => worker.terminate() };
};

async function checkInPage(text: string): Promise<CheckedText> {
  const { checkText } = await import("./check-text.ts");
  return checkText(text);
}
