"use client";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CommandPreview } from "#components/forms/command-preview";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { AlertDialog } from "#components/ui/alert-dialog";
import { toast } from "#components/ui/toaster";
import type { ErrorShape } from "#domain/errors";
import { formatHostChange } from "#domain/rules/format-host-change";
import type { SyncRole } from "#domain/sync-daemon";
import { BlockedNote } from "../../changes/blocked-note.tsx";
import { useEditBlock } from "../../changes/use-edit-block.ts";
import { useRefusalText } from "../../changes/use-refusal-text.ts";

export interface StopDaemonDialogProps {
  role: SyncRole;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Asks before a daemon is stopped, with what the other director misses from then on. */
export function StopDaemonDialog({ role, onClose, onCloseAutoFocus }: StopDaemonDialogProps) {
  const t = useTranslations("directorPage.sync");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const refusalText = useRefusalText();
  const blocked = useEditBlock();
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<ErrorShape | null>(null);

  async function stop() {
    setRefused(null);
    setPending(true);
    const answered = await call(() => client.director.stopDaemon.mutate({ role }));
    setPending(false);
    if (!answered.ok) return setRefused(answered.refusal);
    queries.setQueryData(trpc.director.daemons.queryKey(), answered.value);
    onClose();
    toast("success", t(`stoppedNow.${role}`));
  }

  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      title={t(`stopTitle.${role}`)}
      description={t(`stopLoses.${role}`)}
      confirmLabel={t("stopConfirm")}
      confirmDisabled={blocked !== null}
      busy={pending}
      onConfirm={() => void stop()}
    >
      <div className="flex flex-col gap-3">
        {refused && <Alert>{refusalText(refused)}</Alert>}
        <CommandPreview command={formatHostChange({ verb: "stop-daemon", role })} />
        <BlockedNote blocked={blocked} />
      </div>
    </AlertDialog>
  );
}
