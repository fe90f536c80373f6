"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Badge } from "#components/ui/badge";
import { Button } from "#components/ui/button";
import { HeadCell, Table, TextCell } from "#components/ui/table-cells";
import { toast } from "#components/ui/toaster";
import { Moment } from "#components/units/moment";
import type { SessionRow } from "#domain/people";
import { NotRead } from "../people/notes.tsx";
import { Section, stickyEnd } from "../people/section.tsx";
import { useSessionRefusalText } from "../session/use-session-error-text.ts";
import { browserName } from "./browser-name.ts";

/** Where the person is logged in, and a button to end each of them but this one. */
export function OwnSessions() {
  const t = useTranslations("account");
  const errorText = useSessionRefusalText();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const { data, error, refetch } = useQuery(trpc.account.sessions.queryOptions());
  const [ending, setEnding] = useState<string | null>(null);
  const others = data?.filter(({ current }) => !current) ?? [];

  /** `all` or a session's id */
  async function end(which: string) {
    if (ending !== null) return;
    setEnding(which);
    const answered = await call(async () => {
      if (which === "all")
        return t("endedOthers", { count: (await client.account.endOtherSessions.mutate(null)).ended });
      await client.account.endSession.mutate({ id: which });
      return t("ended");
    });
    setEnding(null);
    if (answered.ok) toast("success", answered.value);
    else if (answered.refusal) toast("error", errorText(answered.refusal));
    await queries.invalidateQueries(trpc.account.sessions.queryFilter());
  }

  return (
    <Section
      title={t("sessions")}
      help={data && others.length === 0 ? t("noOthers") : t("sessionsHelp")}
      actions={
        others.length > 0 && (
          <Button busy={ending === "all"} onClick={() => void end("all")}>
            {t("endOthers")}
          </Button>
        )
      }
    >
      {data ? (
        <Table label={t("sessionsTable")}>
          <thead>
            <tr>
              <HeadCell>{t("browser")}</HeadCell>
              <HeadCell>{t("from")}</HeadCell>
              <HeadCell>{t("started")}</HeadCell>
              <HeadCell>{t("active")}</HeadCell>
              <HeadCell className="relative">
                <span className="sr-only">{t("actions")}</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {data.map((session) => (
              <SessionLine
                key={session.id}
                session={session}
                ending={ending === session.id}
                onEnd={() => void end(session.id)}
              />
            ))}
          </tbody>
        </Table>
      ) : (
        <NotRead error={error} retry={() => void refetch()} />
      )}
    </Section>
  );
}

function SessionLine({ session, ending, onEnd }: { session: SessionRow; ending: boolean; onEnd: () => void }) {
  const t = useTranslations("account");
  const { browser, system } = browserName(session.agent);
  const name = browser ?? t("unknownBrowser");
  return (
    <tr>
      <TextCell title={session.agent}>
        <span className="flex items-center gap-2">
          {system === null ? name : t("browserOn", { browser: name, system })}
          {session.current && <Badge tone="accent">{t("thisOne")}</Badge>}
        </span>
      </TextCell>
      <TextCell className="tabular-nums">{session.from}</TextCell>
      <TextCell>
        <Moment atMs={session.startedAtMs} />
      </TextCell>
      <TextCell>{session.current ? t("now") : <Moment atMs={session.activeAtMs} />}</TextCell>
      <TextCell className={stickyEnd}>
        {!session.current && (
          <Button
            size="sm"
            busy={ending}
            aria-label={t("endOne", { browser: name, from: session.from })}
            onClick={onEnd}
          >
            {t("end")}
          </Button>
        )}
      </TextCell>
    </tr>
  );
}
