"use client";
import { ChevronRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { Finding } from "#domain/doctor";
import { classNames } from "../ui/class-names.ts";
import { useFindingWords } from "./use-finding-words.ts";

/** The checks that found nothing, folded: a line each with what was seen. */
export function FineChecks({ findings }: { findings: readonly Finding[] }) {
  const t = useTranslations("doctor");
  const words = useFindingWords();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="rounded-lg border border-line bg-surface">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-2 rounded-lg px-4 py-2.5 text-left font-medium hover:bg-hover"
      >
        <ChevronRight
          className={classNames("size-4 shrink-0 transition-transform", open && "rotate-90")}
          aria-hidden="true"
        />
        {t("fine", { count: findings.length })}
      </button>
      <dl
        id={id}
        hidden={!open}
        className="grid gap-x-6 gap-y-1.5 border-t border-line px-4 py-3 text-[13px] sm:grid-cols-[16rem_1fr]"
      >
        {findings.map((finding) => (
          <div key={finding.check} className="contents">
            <dt className="font-medium max-sm:mt-1.5">{words.title(finding.check)}</dt>
            <dd className="min-w-0 break-words text-muted">{words.sentence(finding)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
