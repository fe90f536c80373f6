"use client";
import { useTranslations } from "next-intl";
import { useMe } from "#components/session/me";
import { useInBrowser, useMomentText } from "#components/units/moment";
import { idleMs } from "#domain/people";
import { Section } from "../people/section.tsx";
import { useUnits } from "../units/use-units.ts";
import { OwnPassword } from "./own-password.tsx";
import { OwnSessions } from "./own-sessions.tsx";

/** Who is logged in here, with a password to change and sessions to end. */
export function AccountPage() {
  const t = useTranslations("account");
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-6 p-4 max-sm:p-3">
      <h1 className="text-lg font-semibold">{t("title")}</h1>
      <Section title={t("who")}>
        <Who />
      </Section>
      <Section title={t("password")} help={t("passwordHelp")}>
        <OwnPassword />
      </Section>
      <OwnSessions />
    </div>
  );
}

function Who() {
  const t = useTranslations("account");
  const words = useTranslations("people");
  const me = useMe();
  const moment = useMomentText();
  const { duration } = useUnits();
  const inBrowser = useInBrowser();
  const ends = inBrowser ? t("sessionEndsAt", { time: moment(me.endsAtMs), idle: duration(idleMs / 1000) }) : "";
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1.5 rounded-lg border border-line bg-surface px-4 py-3">
      <dt className="text-muted">{t("name")}</dt>
      <dd className="font-medium break-all">{me.name}</dd>
      <dt className="text-muted">{t("role")}</dt>
      <dd>
        <span className="font-medium">{words(`roles.${me.role}`)}</span>
        <span className="block text-[13px] text-muted">{words(`roleHelp.${me.role}`)}</span>
      </dd>
      <dt className="text-muted">{t("sessionEnds")}</dt>
      <dd className="tabular-nums">{ends}</dd>
    </dl>
  );
}
