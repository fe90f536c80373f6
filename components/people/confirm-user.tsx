"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useMe } from "#components/session/me";
import { type Client, useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { AlertDialog } from "#components/ui/alert-dialog";
import type { ErrorShape } from "#domain/errors";
import { useSessionRefusalText } from "../session/use-session-error-text.ts";
import type { Confirmed } from "./users.tsx";

/** Does it; the number of sessions that ended, where that is what was asked for. */
async function change(client: Client, task: Confirmed): Promise<number> {
  const { id } = task.user;
  if (task.kind === "end-sessions") return (await client.people.endSessions.mutate({ id })).ended;
  if (task.kind === "role") await client.people.setRole.mutate({ id, role: task.role });
  else if (task.kind === "disable") await client.people.setDisabled.mutate({ id, disabled: true });
  else await client.people.remove.mutate({ id });
  return 0;
}

export interface ConfirmUserProps {
  task: Confirmed;
  onDone: (text: string) => void;
  /** the list may not be true any more */
  onRefused: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** Asks before what somebody may do changes, with what that means for them, or for oneself. */
export function ConfirmUser({ task, onDone, onRefused, onClose, onCloseAutoFocus }: ConfirmUserProps) {
  const t = useTranslations("people");
  const errorText = useSessionRefusalText();
  const client = useTRPCClient();
  const call = useAskPassword();
  const me = useMe();
  const [pending, setPending] = useState(false);
  const [refused, setRefused] = useState<ErrorShape | null>(null);
  const { name, sessions } = task.user;
  const params = { name, count: sessions, role: task.kind === "role" ? task.role : task.user.role };

  async function confirm() {
    setRefused(null);
    setPending(true);
    const answered = await call(() => change(client, task));
    setPending(false);
    if (answered.ok) return onDone(t(`confirm.${task.kind}.done`, { ...params, ended: answered.value }));
    setRefused(answered.refusal);
    if (answered.refusal) onRefused();
  }

  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      title={t(`confirm.${task.kind}.title`, params)}
      description={
        <>
          {t(task.user.id === me.userId ? `confirm.${task.kind}.own` : `confirm.${task.kind}.description`, { name })}
          {task.kind === "role" && <span className="mt-1 block">{t(`roleIs.${task.role}`)}</span>}
        </>
      }
      confirmLabel={t(`confirm.${task.kind}.submit`)}
      danger={task.kind !== "role"}
      busy={pending}
      onConfirm={() => void confirm()}
    >
      {refused && <Alert>{errorText(refused)}</Alert>}
    </AlertDialog>
  );
}
