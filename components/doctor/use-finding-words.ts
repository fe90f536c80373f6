import { useTranslations } from "next-intl";
import { useMemo } from "react";
import type { CheckId, Finding } from "#domain/doctor";
import { type DoctorTranslate, findingSentence } from "#domain/doctor-words";

export interface FindingWords {
  title(check: CheckId): string;
  why(check: CheckId): string;
  sentence(finding: Finding): string;
}

/** What checks look for and what they found, in the page's language. */
export function useFindingWords(): FindingWords {
  const translate = useTranslations() as unknown as DoctorTranslate;
  return useMemo(
    () => ({
      title: (check) => translate(`doctor.check.${check}.title`),
      why: (check) => translate(`doctor.check.${check}.why`),
      sentence: (finding) => findingSentence(finding, translate),
    }),
    [translate],
  );
}
