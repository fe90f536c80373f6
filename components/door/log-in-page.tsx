"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { LogInForm } from "#components/session/log-in-form";
import { useTRPC } from "#components/trpc";
import { Button } from "#components/ui/button";
import { useErrorText } from "#components/words";
import { hearOtherTabs } from "../session/session-channel.ts";
import { nextPage } from "./next-path.ts";

/** @param next where to go then, as the address says */
export function LogInPage({ next }: { next: string | null }) {
  const t = useTranslations("door");
  const trpc = useTRPC();
  const errorText = useErrorText();
  const { data, refetch, isFetching } = useQuery(trpc.session.state.queryOptions());
  const loggedIn = Boolean(data?.me);
  // In another tab: this one has the same session.
  useEffect(() => hearOtherTabs(({ kind }) => kind === "logged-in" && void refetch()), [refetch]);
  // This tab hears of its own log-in too: the page that it is on its way to would be asked for twice.
  const leaving = useRef(false);
  useEffect(() => {
    if (loggedIn && !leaving.current) location.replace(nextPage(next, location.origin));
  }, [loggedIn, next]);

  if (data?.storeFailed || data?.setUp) {
    return (
      <>
        <h1 className="text-[15px] font-semibold">{data.storeFailed ? t("storeFailed") : t("notSetUp")}</h1>
        {data.storeFailed ? (
          <p role="alert" className="mt-2">
            {errorText({ code: "PEOPLE_STORE_FAILED", params: {} })} {t("storeFailedHelp")}
          </p>
        ) : (
          <p className="mt-2">
            {t.rich("notSetUpHelp", { code: (text) => <code className="font-mono text-[13px]">{text}</code> })}
          </p>
        )}
        <Button className="mt-4" busy={isFetching} onClick={() => void refetch()}>
          {t("lookAgain")}
        </Button>
      </>
    );
  }
  return (
    <>
      <h1 className="mb-4 text-[15px] font-semibold">{t("logIn")}</h1>
      <LogInForm
        onLoggedIn={() => {
          leaving.current = true;
          location.assign(nextPage(next, location.origin));
        }}
      />
    </>
  );
}
