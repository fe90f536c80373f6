"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useId, useRef, useState } from "react";
import { useMe } from "#components/session/me";
import { useTRPC } from "#components/trpc";
import { Button } from "#components/ui/button";
import { Dialog } from "#components/ui/dialog";
import { Field } from "#components/ui/field";
import { PasswordInput } from "#components/ui/password-input";
import { rememberFocus } from "../changes/remember-focus.ts";
import { useSessionErrorText } from "./use-session-error-text.ts";

/** Asks for the password again, above whatever dialog is open. */
export function PasswordDialog({ onGiven, onCancel }: { onGiven: () => void; onCancel: () => void }) {
  const t = useTranslations("session");
  const errorText = useSessionErrorText();
  const me = useMe();
  const trpc = useTRPC();
  const formId = useId();
  const [returnFocus] = useState(() => rememberFocus(document));
  const field = useRef<HTMLInputElement>(null);
  const { mutate, isPending, error } = useMutation(
    trpc.session.prove.mutationOptions({ onSuccess: onGiven, onError: () => field.current?.select() }),
  );
  const prove = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // React hands the event on to the form that this dialog was opened from.
    event.stopPropagation();
    const password = field.current?.value ?? "";
    if (password === "") field.current?.focus();
    else if (!isPending) mutate({ password });
  };
  return (
    <Dialog
      open
      keepOpen
      layer="top"
      width="sm"
      focusOn="[type=password]"
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        returnFocus();
      }}
      title={t("askTitle")}
      description={t("askWhy")}
      onOpenChange={(open) => !open && onCancel()}
      footer={
        <>
          <Button onClick={onCancel}>{t("cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={isPending}>
            {t("askSubmit")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={prove} noValidate className="flex flex-col gap-4">
        {/* For password managers, which pass over what is of type hidden. */}
        <input
          name="username"
          autoComplete="username"
          value={me.name}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
          className="sr-only"
        />
        <Field label={t("passwordOf", { name: me.name })} error={error ? errorText(error) : undefined}>
          <PasswordInput ref={field} name="password" autoComplete="current-password" />
        </Field>
      </form>
    </Dialog>
  );
}
