"use client";
import { useTranslations } from "next-intl";
import { z } from "zod";
import { useAskPassword } from "#components/session/ask-password";
import { useMe } from "#components/session/me";
import { NewPasswordField } from "#components/session/new-password-field";
import { useTRPCClient } from "#components/trpc";
import { newPasswordSchema, type UserRow } from "#domain/people";
import type { UserDialogProps } from "./add-user.tsx";
import { SmallFormDialog } from "./form-dialog.tsx";
import { useSmallForm } from "./use-small-form.ts";

const schema = z.object({ password: newPasswordSchema });

/** A new password for somebody who forgot theirs. What they have open ends with the old one. */
export function SetPassword({ user, onDone, onClose, onCloseAutoFocus }: UserDialogProps & { user: UserRow }) {
  const t = useTranslations("people");
  const client = useTRPCClient();
  const call = useAskPassword();
  const me = useMe();
  const { id, name } = user;
  const form = useSmallForm({
    schema,
    send: ({ password }) => call(() => client.people.setPassword.mutate({ id, password })),
    onDone: () => onDone(t("passwordSet", { name })),
  });
  return (
    <SmallFormDialog
      title={t("setPasswordTitle", { name })}
      description={id === me.userId ? t("setPasswordOwnHelp") : t("setPasswordHelp", { name })}
      submitLabel={t("setPassword")}
      {...{ form, onClose, onCloseAutoFocus }}
    >
      {/* A password manager must not take it for the admin's own. */}
      <input hidden name="username" autoComplete="username" value={name} readOnly />
      <NewPasswordField label={t("newPassword")} name="password" error={form.problemAt("password")} />
      <p className="text-xs text-muted">{t("passwordHelp")}</p>
    </SmallFormDialog>
  );
}
