import type { CheckId, Finding, FindingCode, Verdict } from "./doctor.ts";

/** The keys of the message catalogue that tell of the doctor. */
export type DoctorKey =
  | `doctor.finding.${FindingCode}`
  | `doctor.check.${CheckId}.title`
  | `doctor.check.${CheckId}.why`
  | `doctor.verdict.${Verdict}`;

/** A translator over the whole catalogue: next-intl's, in a page or in a process. */
export type DoctorTranslate = (key: DoctorKey, values?: Record<string, string | number>) => string;

/** What was found, in words. */
export function findingSentence(
  { code, params }: Pick<Finding, "code" | "params">,
  translate: DoctorTranslate,
): string {
  return translate(`doctor.finding.${code}`, params);
}
