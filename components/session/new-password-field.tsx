"use client";
import { Check, Circle } from "lucide-react";
import { useTranslations } from "next-intl";
import { type Ref, useState } from "react";
import { Field } from "#components/ui/field";
import { PasswordInput } from "#components/ui/password-input";
import { fewestCharacters, passwordRules, shortestPassword } from "#domain/people";
import { classNames } from "../ui/class-names.ts";

export interface NewPasswordFieldProps {
  label: string;
  /** what is wrong with it, once it was sent */
  error?: string | undefined;
  ref?: Ref<HTMLInputElement>;
  /** in the form's data; its id as well */
  name?: string;
}

/** A password to be set: its rules stand below and are ticked off as one types. Read it from the form's data, or by its ref. */
export function NewPasswordField({ label, error, ref, name = "new-password" }: NewPasswordFieldProps) {
  const t = useTranslations("session");
  const [text, setText] = useState("");
  const { long, varied } = passwordRules(text);
  return (
    <Field
      label={label}
      id={name}
      error={error}
      help={
        <span className="flex flex-wrap gap-x-4 gap-y-0.5">
          <Rule kept={long}>{t("ruleLong", { count: shortestPassword })}</Rule>
          <Rule kept={varied}>{t("ruleVaried", { count: fewestCharacters })}</Rule>
        </span>
      }
    >
      <PasswordInput
        ref={ref}
        name={name}
        autoComplete="new-password"
        onChange={(event) => setText(event.target.value)}
      />
    </Field>
  );
}

function Rule({ kept, children }: { kept: boolean; children: string }) {
  const t = useTranslations("session");
  return (
    <span className={classNames("inline-flex items-center gap-1", kept && "text-up")}>
      {kept ? (
        <Check className="size-3.5" aria-hidden="true" />
      ) : (
        <Circle className="size-3.5 p-0.5" aria-hidden="true" />
      )}
      {children}
      {kept && <span className="sr-only">{t("ruleKept")}</span>}
    </span>
  );
}
