"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useMe } from "#components/session/me";
import { NewPasswordField } from "#components/session/new-password-field";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { Field } from "#components/ui/field";
import { PasswordInput } from "#components/ui/password-input";
import { toast } from "#components/ui/toaster";
import { ownPasswordSchema } from "#domain/people";
import { useSmallForm } from "../people/use-small-form.ts";

/** Changes the password of who is logged in. Every other session of theirs ends with it. */
export function OwnPassword() {
  const t = useTranslations("account");
  const me = useMe();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const [done, setDone] = useState(0);
  const { handlers, pending, problemAt, alert } = useSmallForm({
    schema: ownPasswordSchema,
    input: ({ current, next }) => ({ current: current || undefined, next }),
    fieldOfCode: { WRONG_PASSWORD: "current", TOO_MANY_TRIES: "current" },
    send: (input) => call(() => client.account.setPassword.mutate(input)),
    onDone: () => {
      setDone(done + 1);
      toast("success", t("passwordChanged"));
      void queries.invalidateQueries(trpc.account.sessions.queryFilter());
    },
  });
  return (
    <form
      // What was typed is not kept anywhere once it is done.
      key={done}
      {...handlers}
      className="flex max-w-md flex-col gap-3 rounded-lg border border-line bg-surface px-4 py-3"
    >
      {alert && <Alert>{alert}</Alert>}
      <input hidden name="username" autoComplete="username" value={me.name} readOnly />
      <Field label={t("current")} error={problemAt("current")} id="current-password">
        <PasswordInput name="current" autoComplete="current-password" />
      </Field>
      <NewPasswordField label={t("next")} error={problemAt("next")} name="next" />
      <div>
        <Button type="submit" variant="primary" busy={pending}>
          {t("changePassword")}
        </Button>
      </div>
    </form>
  );
}
