"use client";
import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { NewPasswordField } from "#components/session/new-password-field";
import { useTRPC } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { useProblemText } from "#components/words";
import { setUpSchema } from "#domain/people";
import { type Problem, problemsOf } from "#domain/problem";
import { errorShapeOf } from "../changes/error-shape.ts";
import { tellOtherTabs } from "../session/session-channel.ts";
import { useSessionErrorText } from "../session/use-session-error-text.ts";
import { setupTokenIn } from "./setup-token.ts";

/** Makes the first admin, for whoever has the link that the console printed. */
export function SetUpPage() {
  const t = useTranslations("door");
  const trpc = useTRPC();
  const problemText = useProblemText();
  const errorText = useSessionErrorText();
  const token = useSetupToken();
  const nameField = useRef<HTMLInputElement>(null);
  const passwordField = useRef<HTMLInputElement>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const { data } = useQuery(trpc.session.state.queryOptions());
  const { mutate, isPending, isSuccess, error } = useMutation(
    trpc.session.setUp.mutationOptions({
      onSuccess: (me) => {
        tellOtherTabs({ kind: "logged-in", me });
        location.assign("/");
      },
      onError: (thrown) => refuse(errorShapeOf(thrown).problems ?? []),
    }),
  );
  const problemAt = (field: "name" | "password") => {
    const problem = problems.find(({ path }) => path[0] === field);
    return problem && problemText(problem);
  };
  const refuse = (wrong: readonly Problem[]) => {
    setProblems(wrong);
    const first = wrong.some(({ path }) => path[0] === "name") ? nameField : passwordField;
    if (wrong.length > 0) first.current?.focus();
  };
  const setUp = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isPending || isSuccess) return;
    const given = {
      token: token ?? "",
      name: nameField.current?.value ?? "",
      password: passwordField.current?.value ?? "",
    };
    const parsed = setUpSchema.safeParse(given);
    if (!parsed.success) return refuse(problemsOf(parsed.error));
    setProblems([]);
    mutate(given);
  };

  if (data && !data.setUp && !data.storeFailed && !isPending && !isSuccess) {
    return (
      <>
        <h1 className="text-[15px] font-semibold">{t("setUpOver")}</h1>
        <p className="mt-2 mb-4">{errorText({ data: { refusal: { code: "SETUP_OVER", params: {} } } })}</p>
        <Button asChild>
          <Link href="/login">{t("toLogIn")}</Link>
        </Button>
      </>
    );
  }
  if (token === null) {
    return (
      <>
        <h1 className="text-[15px] font-semibold">{t("setUp")}</h1>
        <p className="mt-2">
          {t.rich("noToken", { code: (text) => <code className="font-mono text-[13px]">{text}</code> })}
        </p>
      </>
    );
  }
  const refused = error && !isPending && problems.length === 0 ? errorText(error) : null;
  return (
    <>
      <h1 className="text-[15px] font-semibold">{t("setUp")}</h1>
      <p className="mt-1 mb-4 text-muted">{t("setUpHelp")}</p>
      <form method="post" onSubmit={setUp} noValidate className="flex flex-col gap-4">
        {refused && <Alert>{refused}</Alert>}
        <Field label={t("name")} id="username" help={t("nameHelp")} error={problemAt("name")}>
          <Input
            ref={nameField}
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            defaultValue="admin"
          />
        </Field>
        <NewPasswordField ref={passwordField} label={t("password")} error={problemAt("password")} />
        <Button
          type="submit"
          variant="primary"
          busy={isPending || isSuccess}
          disabled={token === undefined}
          className="justify-center"
        >
          {t("setUpSubmit")}
        </Button>
      </form>
    </>
  );
}

/** From the address, where it does not stay: it must not be in a screenshot or in the history. Undefined before it is read. */
function useSetupToken(): string | null | undefined {
  const [token, setToken] = useState<string | null>();
  useEffect(() => {
    const read = () => {
      const there = setupTokenIn(location.hash);
      setToken((before) => there ?? before ?? null);
      if (location.hash) history.replaceState(history.state, "", location.pathname);
    };
    read();
    // The link was pasted where this page stands already: nothing is loaded then.
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  return token;
}
