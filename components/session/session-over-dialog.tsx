"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { LogInForm } from "#components/session/log-in-form";
import { useMe } from "#components/session/me";
import { useSession } from "#components/session/session-provider";
import { Button } from "#components/ui/button";
import { Dialog } from "#components/ui/dialog";
import { rememberFocus } from "../changes/remember-focus.ts";
import type { SessionStatus } from "./session-store.ts";

/**
 * Says why the session is over, above whatever is open, and offers to log in where one is: with the same role the page
 * goes on with all that was typed.
 */
export function SessionOverDialog({ status }: { status: Extract<SessionStatus, { kind: "over" | "changed" }> }) {
  const t = useTranslations("session");
  const me = useMe();
  const session = useSession();
  const [returnFocus] = useState(() => rememberFocus(document));
  if (status.kind === "changed") {
    const { name, role, userId } = status.me;
    return (
      <Dialog
        open
        required
        layer="top"
        width="sm"
        onOpenChange={() => {}}
        title={userId === me.userId ? t("roleNow", { role: t(`roles.${role}`) }) : t("otherUser", { name })}
        description={t("changedWhy")}
        footer={
          <Button variant="primary" onClick={() => location.reload()}>
            {t("reload")}
          </Button>
        }
      >
        <p>{t("changedHelp")}</p>
      </Dialog>
    );
  }
  return (
    <Dialog
      open
      required
      layer="top"
      width="sm"
      onOpenChange={() => {}}
      title={t("over")}
      focusOn="[type=password]"
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        returnFocus();
      }}
      description={status.end ? t(`ended.${status.end}`) : t("endedSomehow")}
    >
      <p className="mb-4">{t("overHelp")}</p>
      <LogInForm
        name={me.name}
        onLoggedIn={(now) => {
          session.seen(now);
          if (session.status().kind !== "open") location.reload();
        }}
      />
    </Dialog>
  );
}
