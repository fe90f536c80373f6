"use client";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { AlertDialog } from "#components/ui/alert-dialog";
import { TypedName } from "#components/ui/typed-name";
import type { RulesPlan } from "#domain/rules-exchange";
import { BlockedNote } from "../../changes/blocked-note.tsx";
import { rememberFocus } from "../../changes/remember-focus.ts";
import { useFollowed } from "../../live/use-live.ts";
import { typedIs } from "../../ui/typed-is.ts";
import { lostRows } from "../plan/lost-rows.ts";

/** More rows than these are not followed live only to count their connections. */
const mostFollowed = 200;

export interface ConfirmDialogProps {
  plan: RulesPlan;
  /** what has to be typed: the director's host name */
  host: string;
  confirmS: number | null;
  blocked: string | null;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before a plan that takes something away: what is lost, and the name of the host that loses it, typed. */
export function ConfirmDialog({ plan, host, confirmS, blocked, onConfirm, onClose }: ConfirmDialogProps) {
  const t = useTranslations("rulesPage.apply");
  const [typed, setTyped] = useState("");
  const [returnFocus] = useState(() => rememberFocus(document));
  const lost = useMemo(() => lostRows(plan.before, plan.after), [plan]);
  const matches = typedIs(typed, host);
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t(`ask.${plan.mode}`, { host })}
      description={t("lost", { services: lost.services, servers: lost.servers })}
      confirmLabel={t(`confirm.${plan.mode}`)}
      confirmDisabled={!matches || blocked !== null}
      onConfirm={onConfirm}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        returnFocus();
      }}
    >
      <div className="flex flex-col gap-3">
        {lost.ids.length > 0 && lost.ids.length <= mostFollowed && <LostConnections ids={lost.ids} />}
        {(plan.counts.zero ?? 0) > 0 && <p>{t("lostCounters")}</p>}
        <p className="text-[13px] text-muted">
          {confirmS === null ? t("kept") : t("comesBack", { seconds: confirmS })}
        </p>
        <TypedName label={t("typeHost", { host })} typed={typed} onType={setTyped} />
        <BlockedNote blocked={blocked} />
      </div>
    </AlertDialog>
  );
}

/** How many active connections the rows that go have at this moment. */
function LostConnections({ ids }: { ids: readonly string[] }) {
  const t = useTranslations("rulesPage.apply");
  const rows = useFollowed(ids);
  if (rows.some(({ values, missing }) => values === null && !missing)) return null;
  const active = rows.reduce((sum, { values }) => sum + (values?.[6] ?? 0), 0);
  return <p className="font-medium">{t("lostConnections", { active })}</p>;
}
