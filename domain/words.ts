import type { ErrorCode, ErrorShape } from "./errors.ts";
import type { Problem, ProblemCode } from "./problem.ts";

/** The keys of the message catalogue that codes turn into sentences with. */
export type WordKey = `problem.${ProblemCode}` | `error.${ErrorCode}` | "words.withDetail" | "words.atChange";

/** A translator over the whole catalogue: next-intl's, in a page or in a process. */
export type Translate = (key: WordKey, values?: Record<string, string | number>) => string;

/** What is wrong, in words. */
export function problemSentence(problem: Pick<Problem, "code" | "params">, translate: Translate): string {
  return translate(`problem.${problem.code}`, problem.params);
}

/**
 * Why the director did not do it, in words: with INVALID every problem, else the code's sentence and, where
 * there is one, the detail that lay beneath (an errno's text, the name of a socket).
 *
 * @param showChange name the refused change of a batch by its number, counted from 1
 */
export function errorSentence(shape: ErrorShape, translate: Translate, showChange = false): string {
  const sentence = withDetail(shape, translate);
  if (!showChange || shape.changeIndex === undefined) return sentence;
  return translate("words.atChange", { number: shape.changeIndex + 1, sentence });
}

function withDetail(shape: ErrorShape, translate: Translate): string {
  if (shape.problems && shape.problems.length > 0) {
    return [...new Set(shape.problems.map((problem) => problemSentence(problem, translate)))].join(" ");
  }
  const sentence = translate(`error.${shape.code}`, shape.params);
  const detail = shape.params["detail"];
  return detail === undefined || detail === ""
    ? sentence
    : translate("words.withDetail", { sentence, detail: String(detail) });
}
