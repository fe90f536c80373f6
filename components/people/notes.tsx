"use client";
import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { useMay, useMe } from "#components/session/me";
import { useSessionErrorText } from "../session/use-session-error-text.ts";
import { Button } from "../ui/button.tsx";

/** What went wrong, where no field shows it. */
export function Refusal({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="flex items-start gap-2 rounded-md bg-failed-soft px-2.5 py-2 text-failed">
      <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      {children}
    </p>
  );
}

/** In place of what is being read, or could not be. */
export function NotRead({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useTranslations("people");
  const errorText = useSessionErrorText();
  if (!error) {
    return (
      <p role="status" className="py-2 text-muted">
        {t("reading")}
      </p>
    );
  }
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Refusal>{errorText(error)}</Refusal>
      <Button onClick={retry}>{t("tryAgain")}</Button>
    </div>
  );
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
