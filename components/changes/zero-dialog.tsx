"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CommandPreview } from "#components/forms/command-preview";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { AlertDialog } from "#components/ui/alert-dialog";
import { toast } from "#components/ui/toaster";
import type { ErrorShape } from "#domain/errors";
import { formatHostChange } from "#domain/rules/format-host-change";
import { parseServiceId } from "#domain/service";
import { BlockedNote } from "./blocked-note.tsx";
import { useHostBlock } from "./use-edit-block.ts";
import { useNames } from "./use-names.ts";
import { useRefusalText } from "./use-refusal-text.ts";

export interface ZeroDialogProps {
  /** the service whose counters are meant; null: all of them, and the totals */
  id: string | null;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Asks before counters are set to zero, with what that leaves alone: nothing brings them back. */
export function ZeroDialog({ id, onClose, onCloseAutoFocus }: ZeroDialogProps) {
  const t = useTranslations("change.zero");
  const client = useTRPCClient();
  const call = useAskPassword();
  const refusalText = useRefusalText();
  const { serviceName } = useNames();
  const blocked = useHostBlock();
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<ErrorShape | null>(null);
  const service = id === null ? null : parseServiceId(id);
  const name = service ? serviceName(service) : "";

  async function zero() {
    setRefused(null);
    setPending(true);
    const answered = await call(() => client.director.zero.mutate({ id }));
    setPending(false);
    if (!answered.ok) return setRefused(answered.refusal);
    onClose();
    toast("success", id === null ? t("doneAll") : t("doneOne", { name }));
  }

  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      title={id === null ? t("titleAll") : t("titleOne", { name })}
      description={t(id === null ? "lostAll" : "lostOne")}
      confirmLabel={t("confirm")}
      confirmDisabled={blocked !== null}
      busy={pending}
      onConfirm={() => void zero()}
    >
      <div className="flex flex-col gap-3">
        {refused && <Alert>{refusalText(refused)}</Alert>}
        <p className="text-[13px] text-muted">{t(id === null ? "staysAll" : "staysOne")}</p>
        <CommandPreview command={formatHostChange({ verb: "zero", service })} />
        <BlockedNote blocked={blocked} />
      </div>
    </AlertDialog>
  );
}
