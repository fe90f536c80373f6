"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useMay, useMe } from "#components/session/me";
import { NotRead as NotReadYet } from "#components/ui/not-read";
import { useSessionErrorText } from "../session/use-session-error-text.ts";

/** In place of what is being read, or could not be. */
export function NotRead({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("people");
  const errorText = useSessionErrorText();
  const refusal = error ? errorText(error) : null;
  return <NotReadYet refusal={refusal} reading={t("reading")} tryAgain={t("tryAgain")} retry={retry} />;
}

/** The page of an admin. Somebody else who has its address is told why it is empty; the server tells them nothing either. */
export function AdminsOnly({ children }: { children: ReactNode }) {
  const t = useTranslations("people");
  const { role } = useMe();
  if (useMay("admin")) return children;
  return (
    <p className="rounded-lg border border-line bg-surface px-4 py-3">
      {t("adminsOnly", { role: t(`roles.${role}`) })}
    </p>
  );
}
