"use client";
import { useTranslations } from "next-intl";
import { CheckboxField } from "#components/ui/checkbox";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";

export interface TimerChoice {
  on: boolean;
  /** as typed */
  seconds: string;
}

/** Whether the old table comes back by itself, unless somebody says in time that the new one is right. */
export function ConfirmTimer({
  choice,
  onChange,
  wrong,
}: {
  choice: TimerChoice;
  onChange: (choice: TimerChoice) => void;
  wrong: boolean;
}) {
  const t = useTranslations("rulesPage.apply");
  return (
    <div className="flex flex-col gap-2">
      <CheckboxField
        label={t("timer")}
        help={t("timerHelp")}
        checked={choice.on}
        onChange={(event) => onChange({ ...choice, on: event.target.checked })}
      />
      {choice.on && (
        <Field label={t("timerSeconds")} className="ml-6 max-w-40" error={wrong ? t("timerWrong") : undefined}>
          <Input
            tabular
            inputMode="numeric"
            autoComplete="off"
            value={choice.seconds}
            onChange={(event) => onChange({ ...choice, seconds: event.target.value })}
          />
        </Field>
      )}
    </div>
  );
}
