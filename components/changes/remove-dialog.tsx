"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { AlertDialog } from "#components/ui/alert-dialog";
import { Button } from "#components/ui/button";
import { toast } from "#components/ui/toaster";
import { TypedName } from "#components/ui/typed-name";
import type { ErrorShape } from "#domain/errors";
import { typedIs } from "../ui/typed-is.ts";
import { BlockedNote } from "./blocked-note.tsx";
import { useChanges } from "./changes-provider.tsx";
import { type Chosen, chooseForRemoval, drainable, lossOf, removals, serviceIdOf } from "./plan.ts";
import { useRecords } from "./records.ts";
import { UnreadDialog } from "./unread-dialog.tsx";
import { useApply } from "./use-apply.ts";
import { useEditBlock } from "./use-edit-block.ts";
import { useRefusalText } from "./use-refusal-text.ts";
import { useRowName } from "./use-row-name.ts";
import { undoableMs, useUndo } from "./use-undo.ts";

export interface RemoveDialogProps {
  ids: readonly string[];
  opening: number;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

const maxNames = 8;

/** Asks before services and servers are removed, with what is lost as it is at this moment. What has connections wants its name typed. */
export function RemoveDialog({ ids, opening, onClose, onCloseAutoFocus }: RemoveDialogProps) {
  const t = useTranslations("change");
  const refusalText = useRefusalText();
  const rowName = useRowName();
  const changes = useChanges();
  const blocked = useEditBlock();
  const { apply, pending } = useApply();
  const undoOf = useUndo();
  const [typed, setTyped] = useState("");
  const [refused, setRefused] = useState<ErrorShape | null>(null);
  const { records, refusal, read } = useRecords(ids, opening, !pending);

  const chosen = records && chooseForRemoval(ids, records);
  const names = chosen ? namesOf(chosen) : [];
  if (!chosen || names.length === 0) {
    const gone = records ? (ids.some((id) => id.includes(">")) ? "NO_SUCH_SERVER" : "NO_SUCH_SERVICE") : null;
    return <UnreadDialog {...{ refusal, read, onClose, onCloseAutoFocus, gone }} />;
  }
  const loss = lossOf(chosen);
  const single = names.length === 1 ? rowName(names[0] ?? "") : null;
  const asked = loss.connections > 0 ? (single ?? String(names.length)) : null;
  const matches = asked === null || typedIs(typed, asked);
  const canDrain = chosen.services.length === 0 && drainable(chosen.servers).length > 0 && loss.active > 0;

  const fullName = (id: string) =>
    id.includes(">") ? t("serverOf", { server: rowName(id), service: rowName(serviceIdOf(id)) }) : rowName(id);

  async function remove() {
    if (!chosen || blocked || !matches) return;
    setRefused(null);
    const changes = removals(chosen);
    const was = [...chosen.services.flatMap(({ servers }) => servers), ...chosen.servers.map(({ server }) => server)];
    const outcome = await apply(changes);
    if (outcome.ok) {
      onClose();
      const action = undoOf({ changes, results: outcome.results, was });
      const text = single ? t("removedOne", { name: single }) : t("removed", { count: names.length });
      toast("success", text, action ? { action, duration: undoableMs } : {});
    } else {
      setRefused(outcome.refusal);
      read();
    }
  }

  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      title={single ? t("removeOne", { name: fullName(names[0] ?? "") }) : t("removeMany", { count: names.length })}
      description={t(loss.services > 0 ? "lossServices" : "lossServers", loss)}
      confirmLabel={t("remove")}
      onConfirm={() => void remove()}
      confirmDisabled={!matches || blocked !== null}
      busy={pending}
    >
      <div className="flex flex-col gap-3">
        {refused && (
          <p role="alert" className="rounded-md bg-failed-soft px-2.5 py-2 text-failed">
            {refusalText(refused, names.length > 1)}
            {refused.code === "CONFLICT" && ` ${t("planReadAgain")}`}
          </p>
        )}
        {!single && (
          <ul className="max-h-40 list-inside list-disc overflow-y-auto text-[13px] tabular-nums">
            {names.slice(0, maxNames).map((id) => (
              <li key={id}>{fullName(id)}</li>
            ))}
            {names.length > maxNames && (
              <li className="list-none text-muted">{t("andMore", { count: names.length - maxNames })}</li>
            )}
          </ul>
        )}
        {chosen.missing.length > 0 && <p className="text-muted">{t("missing", { count: chosen.missing.length })}</p>}
        {canDrain && (
          <p className="flex flex-wrap items-center gap-2 text-[13px] text-muted">
            {t("drainFirst")}
            <Button size="sm" onClick={() => changes.drain(ids)}>
              {t("drainInstead")}
            </Button>
          </p>
        )}
        {asked !== null && (
          <TypedName tabular label={t("typeToConfirm", { name: asked })} typed={typed} onType={setTyped} />
        )}
        <BlockedNote blocked={blocked} />
      </div>
    </AlertDialog>
  );
}

function namesOf({ services, servers }: Chosen): string[] {
  return [...services.map(({ id }) => id), ...servers.map(({ server }) => server.id)];
}
