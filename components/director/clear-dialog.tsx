"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { CommandPreview } from "#components/forms/command-preview";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { AlertDialog } from "#components/ui/alert-dialog";
import { TypedName } from "#components/ui/typed-name";
import type { ErrorShape } from "#domain/errors";
import { formatHostChange } from "#domain/rules/format-host-change";
import { BlockedNote } from "../changes/blocked-note.tsx";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { useRefusalText } from "../changes/use-refusal-text.ts";
import { useSummary } from "../live/use-live.ts";
import { typedIs } from "../ui/typed-is.ts";
import type { Cleared } from "./cleared-note.tsx";

export interface ClearDialogProps {
  onCleared: (cleared: Cleared) => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Where values[] of a row holds its active connections (domain/live.ts). */
const active = 6;

/** Asks before the whole table goes: what is lost as it is at this moment, and the name of the host that loses it, typed. */
export function ClearDialog({ onCleared, onClose, onCloseAutoFocus }: ClearDialogProps) {
  const t = useTranslations("directorPage.clear");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const call = useAskPassword();
  const refusalText = useRefusalText();
  const blocked = useEditBlock();
  const summary = useSummary();
  const { data: status } = useQuery(trpc.director.status.queryOptions(undefined, { staleTime: 60_000 }));
  const [typed, setTyped] = useState("");
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<{ refusal: ErrorShape | null } | null>(null);
  const host = status?.host ?? "";
  const matches = typedIs(typed, host);
  const lost = { services: summary?.services ?? 0, servers: summary?.servers ?? 0 };

  async function clear() {
    setRefused(null);
    setPending(true);
    const answered = await call(() => client.director.clear.mutate(null));
    setPending(false);
    if (answered.ok) onCleared({ ...lost, revision: answered.value.revision });
    else setRefused(answered);
  }

  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      title={t("title", { host })}
      description={t("lost", { ...lost, active: summary?.values[active] ?? 0 })}
      confirmLabel={t("confirm")}
      confirmDisabled={!matches || blocked !== null || summary === null}
      busy={pending}
      onConfirm={() => void clear()}
    >
      <div className="flex flex-col gap-3">
        {refused && <Alert>{refused.refusal ? refusalText(refused.refusal) : t("noPassword")}</Alert>}
        <p className="text-[13px] text-muted">{t("kept")}</p>
        <CommandPreview command={formatHostChange({ verb: "clear" })} />
        <TypedName label={t("typeHost", { host })} typed={typed} onType={setTyped} />
        <BlockedNote blocked={blocked} />
      </div>
    </AlertDialog>
  );
}
