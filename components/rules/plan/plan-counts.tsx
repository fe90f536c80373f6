"use client";
import { useTranslations } from "next-intl";
import type { Verb } from "#domain/change";
import { classNames } from "../../ui/class-names.ts";
import { type Sign, signOf } from "./sign.ts";

const order: readonly Verb[] = [
  "add-service",
  "edit-service",
  "remove-service",
  "add-server",
  "edit-server",
  "remove-server",
  "set-weight",
  "drain-server",
  "restore-server",
  "clear",
  "zero",
  "set-timeouts",
  "start-daemon",
  "stop-daemon",
];
const tones: Record<Sign, string> = { "+": "text-up", "~": "text-changing", "−": "text-failed" };

/** How many changes of each kind, in words: "3 services added, 1 server removed". */
export function PlanCounts({ counts, faint = false }: { counts: Partial<Record<Verb, number>>; faint?: boolean }) {
  const t = useTranslations("rulesPage.count");
  return (
    <ul className="inline-flex flex-wrap gap-x-3 gap-y-0.5 text-[13px] tabular-nums">
      {order
        .filter((verb) => (counts[verb] ?? 0) > 0)
        .map((verb) => (
          <li key={verb} className={classNames(faint ? "text-muted" : tones[signOf(verb)])}>
            <span aria-hidden="true">{signOf(verb)}</span> {t(verb, { count: counts[verb] ?? 0 })}
          </li>
        ))}
    </ul>
  );
}
