"use client";
import { useTranslations } from "next-intl";
import { useAskPassword } from "#components/session/ask-password";
import { NewPasswordField } from "#components/session/new-password-field";
import { useTRPCClient } from "#components/trpc";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { newUserSchema } from "#domain/people";
import { SmallFormDialog } from "./form-dialog.tsx";
import { RoleField } from "./role-field.tsx";
import { useSmallForm } from "./use-small-form.ts";

export interface UserDialogProps {
  onDone: (text: string) => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Makes a user with a password that an admin tells them. */
export function AddUser({ onDone, onClose, onCloseAutoFocus }: UserDialogProps) {
  const t = useTranslations("people");
  const client = useTRPCClient();
  const call = useAskPassword();
  const form = useSmallForm({
    schema: newUserSchema,
    fieldOfCode: { USER_EXISTS: "name" },
    send: (input) => call(() => client.people.add.mutate(input)),
    onDone: ({ name }) => onDone(t("added", { name })),
  });
  return (
    <SmallFormDialog title={t("addTitle")} submitLabel={t("add")} {...{ form, onClose, onCloseAutoFocus }}>
      <Field label={t("name")} help={t("nameHelp")} error={form.problemAt("name")}>
        <Input name="name" autoComplete="off" autoCapitalize="none" spellCheck={false} />
      </Field>
      <RoleField error={form.problemAt("role")} />
      <NewPasswordField label={t("password")} name="password" error={form.problemAt("password")} />
      <p className="text-xs text-muted">{t("passwordHelp")}</p>
    </SmallFormDialog>
  );
}
