"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { AlertDialog } from "#components/ui/alert-dialog";
import { toast } from "#components/ui/toaster";
import { useMomentText } from "#components/units/moment";
import type { ErrorShape } from "#domain/errors";
import type { TokenRow } from "#domain/people";
import { useSessionRefusalText } from "../session/use-session-error-text.ts";
import type { TokenDialogProps } from "./add-token.tsx";

/** Asks before a token is taken back, with when it was used last: something may live by it. */
export function RevokeToken({ token, readAgain, onClose, onCloseAutoFocus }: TokenDialogProps & { token: TokenRow }) {
  const t = useTranslations("tokens");
  const errorText = useSessionRefusalText();
  const moment = useMomentText();
  const client = useTRPCClient();
  const call = useAskPassword();
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<ErrorShape | null>(null);
  const { id, name, usedAtMs, usedFrom } = token;

  async function revoke() {
    setRefused(null);
    setPending(true);
    const answered = await call(() => client.tokens.revoke.mutate({ id }));
    setPending(false);
    if (answered.ok) {
      onClose();
      toast("success", t("revoked", { name }));
    } else setRefused(answered.refusal);
    if (answered.ok || answered.refusal) readAgain();
  }

  const used =
    usedAtMs === null ? t("wasNeverUsed") : t("wasUsed", { time: moment(usedAtMs), address: usedFrom ?? "" });
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      title={t("revokeTitle", { name })}
      description={`${t("revokeHelp")} ${used}`}
      confirmLabel={t("revoke")}
      busy={pending}
      onConfirm={() => void revoke()}
    >
      {refused && <Alert>{errorText(refused)}</Alert>}
    </AlertDialog>
  );
}
