"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useTranslations } from "next-intl";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Button } from "#components/ui/button";
import { HeadCell, Table } from "#components/ui/table-cells";
import { toast } from "#components/ui/toaster";
import type { Role, UserRow } from "#domain/people";
import { useSessionRefusalText } from "../session/use-session-error-text.ts";
import { AddUser } from "./add-user.tsx";
import { ConfirmUser } from "./confirm-user.tsx";
import { NotRead } from "./notes.tsx";
import { Section } from "./section.tsx";
import { SetPassword } from "./set-password.tsx";
import { useOneDialog } from "./use-one-dialog.ts";
import { UserLine } from "./user-line.tsx";

/** What is asked about before it is done. */
export type Confirmed =
  | { kind: "disable" | "end-sessions" | "remove"; user: UserRow }
  | { kind: "role"; user: UserRow; role: Role };
/** What a dialog is open for. */
export type UserTask = { kind: "add" } | { kind: "password"; user: UserRow } | Confirmed;

/** Everybody who may log in. */
export function Users() {
  const t = useTranslations("people");
  const errorText = useSessionRefusalText();
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const { data, error, refetch } = useQuery(trpc.people.users.queryOptions());
  const dialog = useOneDialog<UserTask>();

  const readAgain = () => void queries.invalidateQueries(trpc.people.users.queryFilter());
  const done = (text: string) => {
    dialog.close();
    toast("success", text);
    readAgain();
  };

  async function enable({ id, name }: UserRow) {
    const answered = await call(() => client.people.setDisabled.mutate({ id, disabled: false }));
    if (answered.ok) toast("success", t("confirm.enable.done", { name }));
    else if (answered.refusal) toast("error", errorText(answered.refusal));
    readAgain();
  }

  return (
    <Section
      title={t("users")}
      help={t("usersHelp")}
      actions={
        <Button variant="primary" onClick={() => dialog.open({ kind: "add" })}>
          <Plus className="size-4" aria-hidden="true" />
          {t("add")}
        </Button>
      }
    >
      {data ? (
        <Table label={t("usersTable")}>
          <thead>
            <tr>
              <HeadCell>{t("name")}</HeadCell>
              <HeadCell>{t("role")}</HeadCell>
              <HeadCell>{t("state")}</HeadCell>
              <HeadCell>{t("lastLogIn")}</HeadCell>
              <HeadCell numeric>{t("sessions")}</HeadCell>
              <HeadCell className="relative">
                <span className="sr-only">{t("actions")}</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {data.map((user) => (
              <UserLine key={user.id} user={user} ask={dialog.open} enable={() => void enable(user)} />
            ))}
          </tbody>
        </Table>
      ) : (
        <NotRead error={error} retry={() => void refetch()} />
      )}
      <UserDialog key={dialog.opening} {...dialog} done={done} readAgain={readAgain} />
    </Section>
  );
}

interface UserDialogProps extends Omit<ReturnType<typeof useOneDialog<UserTask>>, "open" | "opening"> {
  done: (text: string) => void;
  readAgain: () => void;
}

function UserDialog({ task, close, onCloseAutoFocus, done, readAgain }: UserDialogProps) {
  const closing = { onClose: close, onCloseAutoFocus, onDone: done };
  if (!task) return null;
  if (task.kind === "add") return <AddUser {...closing} />;
  if (task.kind === "password") return <SetPassword user={task.user} {...closing} />;
  return <ConfirmUser task={task} onRefused={readAgain} {...closing} />;
}
