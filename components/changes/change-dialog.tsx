"use client";

import { useTranslations } from "next-intl";
import { ServerForm } from "#components/forms/server-form";
import { ServiceForm } from "#components/forms/service-form";
import { type ToastAction, toast } from "#components/ui/toaster";
import { serviceId } from "#domain/service";
import { type Task, useChanges } from "./changes-provider.tsx";
import { serviceIdOf } from "./plan.ts";
import { PlanDialog } from "./plan-dialog.tsx";
import { useRecords } from "./records.ts";
import { RemoveDialog } from "./remove-dialog.tsx";
import { UnreadDialog } from "./unread-dialog.tsx";
import { useNames } from "./use-names.ts";
import { type Done, undoableMs, useUndo } from "./use-undo.ts";
import { ZeroDialog } from "./zero-dialog.tsx";

export interface ChangeDialogProps {
  task: Task;
  /** grows with every dialog */
  opening: number;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** The dialog for a task. Loaded when the first one is opened. */
export function ChangeDialog({ task, opening, onClose, onCloseAutoFocus }: ChangeDialogProps) {
  const closing = { onClose, onCloseAutoFocus };
  switch (task.kind) {
    case "add-service":
      return <ServiceTask id={null} opening={opening} {...closing} />;
    case "edit-service":
      return <ServiceTask id={task.id} opening={opening} {...closing} />;
    case "zero":
      return <ZeroDialog id={task.id} {...closing} />;
    case "add-server":
      return <ServerTask serviceId={task.serviceId} id={null} opening={opening} {...closing} />;
    case "edit-server":
      return <ServerTask serviceId={serviceIdOf(task.id)} id={task.id} opening={opening} {...closing} />;
    case "remove":
      return <RemoveDialog ids={task.ids} opening={opening} {...closing} />;
    case "weight":
    case "drain":
    case "restore":
      return <PlanDialog kind={task.kind} ids={task.ids} opening={opening} {...closing} />;
  }
}

type Closing = Pick<ChangeDialogProps, "opening" | "onClose" | "onCloseAutoFocus">;

/** What was done, with what may come next and the way back. */
function useSayDone(): (text: string, done: Done, next: ToastAction | null) => void {
  const undoOf = useUndo();
  return (text, done, next) => {
    const undo = undoOf(done);
    const actions = next ? { action: next, ...(undo ? { otherAction: undo } : {}) } : undo ? { action: undo } : {};
    toast("success", text, { ...actions, duration: undoableMs });
  };
}

function ServiceTask({ id, opening, onClose, onCloseAutoFocus }: Closing & { id: string | null }) {
  const t = useTranslations("change");
  const { serviceName } = useNames();
  const changes = useChanges();
  const say = useSayDone();
  const { records, refusal, read } = useRecords(id === null ? [] : [id], opening, false);
  const service = records?.[0] ?? null;
  if (id !== null && !service) {
    return <UnreadDialog {...{ refusal, read, onClose, onCloseAutoFocus }} gone={records ? "NO_SUCH_SERVICE" : null} />;
  }
  return (
    <ServiceForm
      service={service}
      onClose={onClose}
      onCloseAutoFocus={onCloseAutoFocus}
      onDone={({ service: key }, added, done) => {
        onClose();
        const name = serviceName(key);
        const next = { label: t("addServerNow"), onClick: () => changes.addServer(serviceId(key)) };
        say(t(added ? "serviceAdded" : "serviceSaved", { service: name }), done, added ? next : null);
      }}
    />
  );
}

function ServerTask({
  serviceId: id,
  id: rowId,
  opening,
  onClose,
  onCloseAutoFocus,
}: Closing & { serviceId: string; id: string | null }) {
  const t = useTranslations("change");
  const { serverName } = useNames();
  const changes = useChanges();
  const say = useSayDone();
  const { records, refusal, read } = useRecords([id], opening, false);
  const service = records?.[0];
  const server = service?.servers.find((candidate) => candidate.id === rowId) ?? null;
  if (!service || (rowId !== null && !server)) {
    const gone = !records ? null : service ? "NO_SUCH_SERVER" : "NO_SUCH_SERVICE";
    return <UnreadDialog {...{ refusal, read, onClose, onCloseAutoFocus }} gone={gone} />;
  }
  return (
    <ServerForm
      service={service.key}
      server={server?.spec ?? null}
      neighbours={service.servers.map(({ spec }) => spec)}
      onClose={onClose}
      onCloseAutoFocus={onCloseAutoFocus}
      onDone={(definition, added, done) => {
        onClose();
        const name = serverName(definition.server);
        const next = { label: t("addAnother"), onClick: () => changes.addServer(serviceId(definition.service)) };
        const was = server ? [server] : [];
        say(t(added ? "serverAdded" : "serverSaved", { server: name }), { ...done, was }, added ? next : null);
      }}
    />
  );
}
