"use client";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { FieldGroup } from "#components/ui/field";
import type { PlanMode } from "#domain/rules/plan";

// Named here because the planner, with the validators that it needs, would come with its own list.
const modes = ["run", "merge", "replace"] as const satisfies readonly PlanMode[];

/** How the text is meant. Each way says what it does in one sentence. */
export function ModeChoice({ mode, onChange }: { mode: PlanMode; onChange: (mode: PlanMode) => void }) {
  const t = useTranslations("rulesPage.mode");
  const id = useId();
  return (
    <FieldGroup label={t("title")}>
      <div className="flex flex-col divide-y divide-line rounded-lg border border-line bg-surface">
        {modes.map((each) => (
          <label key={each} className="flex items-start gap-2.5 px-3 py-2 has-checked:bg-accent-soft/50">
            <input
              type="radio"
              name={id}
              value={each}
              checked={each === mode}
              aria-describedby={`${id}-${each}`}
              aria-label={t(`name.${each}`)}
              className="mt-1 accent-accent"
              onChange={() => onChange(each)}
            />
            <span className="min-w-0">
              <span className="block font-medium">{t(`name.${each}`)}</span>
              <span id={`${id}-${each}`} className="block text-[13px] text-muted">
                {t(`what.${each}`)}
              </span>
            </span>
          </label>
        ))}
      </div>
    </FieldGroup>
  );
}
