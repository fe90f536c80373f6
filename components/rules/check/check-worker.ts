import "./without-eval.ts";
import { checkText } from "./check-text.ts";
import type { CheckAnswer, CheckRequest } from "./checker.ts";

self.addEventListener("message", ({ data: { number, text } }: MessageEvent<CheckRequest>) => {
  self.postMessage({ number, checked: checkText(text) } satisfies CheckAnswer);
});
