"use client";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useRef, useState, useSyncExternalStore } from "react";
import { useTRPC } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { PasswordInput } from "#components/ui/password-input";
import { useProblemText } from "#components/words";
import type { Me } from "#domain/people";
import { tellOtherTabs } from "./session-channel.ts";
import { useSessionErrorText } from "./use-session-error-text.ts";

export interface LogInFormProps {
  /** who is asked for; without it the focus is on the name at first */
  name?: string;
  onLoggedIn: (me: Me) => void;
}

/** Name and password. The fields are the browser's own, so that what a password manager fills in before the page is ready counts. */
export function LogInForm({ name = "", onLoggedIn }: LogInFormProps) {
  const t = useTranslations("session");
  const trpc = useTRPC();
  const errorText = useSessionErrorText();
  const problemText = useProblemText();
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const [empty, setEmpty] = useState<"name" | "password" | null>(null);
  const { mutate, isPending, isSuccess, error } = useMutation(
    trpc.session.logIn.mutationOptions({
      onSuccess: (me) => {
        tellOtherTabs({ kind: "logged-in", me });
        onLoggedIn(me);
      },
      onError: () => passwordField.current?.select(),
    }),
  );
  const busy = isPending || isSuccess;
  const ready = useSyncExternalStore(
    neverChanges,
    () => true,
    () => false,
  );
  const logIn = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (busy) return;
    const given = { name: nameField.current?.value.trim() ?? "", password: passwordField.current?.value ?? "" };
    const missing = given.name === "" ? "name" : given.password === "" ? "password" : null;
    setEmpty(missing);
    if (missing) (missing === "name" ? nameField : passwordField).current?.focus();
    else mutate(given);
  };
  const required = problemText({ code: "REQUIRED", params: {} });
  return (
    // Sent by the browser itself it would be refused, yet the password would not stand in an address.
    <form method="post" onSubmit={logIn} noValidate className="flex flex-col gap-4">
      {error && !isPending && <Alert>{errorText(error)}</Alert>}
      <Field label={t("name")} id="log-in-username" error={empty === "name" ? required : undefined}>
        <Input
          ref={nameField}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          defaultValue={name}
          autoFocus={name === ""}
        />
      </Field>
      <Field label={t("password")} id="log-in-password" error={empty === "password" ? required : undefined}>
        <PasswordInput ref={passwordField} name="password" autoComplete="current-password" />
      </Field>
      <Button type="submit" variant="primary" busy={busy} disabled={!ready} className="justify-center">
        {t("logIn")}
      </Button>
    </form>
  );
}

const neverChanges = () => () => {};
