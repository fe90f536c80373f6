"use client";
import { Eraser, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";
import { useMay } from "#components/session/me";
import { Button } from "#components/ui/button";
import { useEditBlock, useHostBlock } from "../changes/use-edit-block.ts";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { ZeroDialog } from "../changes/zero-dialog.tsx";
import { useTableSize } from "../live/use-live.ts";
import { Section } from "../people/section.tsx";
import { useOneDialog } from "../people/use-one-dialog.ts";
import { ClearDialog } from "./clear-dialog.tsx";
import { type Cleared, ClearedNote } from "./cleared-note.tsx";

/** What is done to the whole table at once: counters to zero, and every service gone. */
export function TablePanel() {
  const t = useTranslations("directorPage.table");
  const dialog = useOneDialog<"zero" | "clear">();
  const [cleared, setCleared] = useState<Cleared | null>(null);
  const note = useRef<HTMLElement>(null);
  const tableSize = useRef<HTMLParagraphElement>(null);
  const size = useTableSize();
  const blocked = useEditBlock();
  const zeroBlocked = useHostBlock();
  const operator = useMayEdit();
  const admin = useMay("admin");
  const isEmpty = size?.services === 0;
  const off = blocked !== null || isEmpty;
  /** The button that brought it back goes with the note; what it brought back is said where the focus is then. */
  function back() {
    setCleared(null);
    tableSize.current?.focus();
  }
  return (
    <Section title={t("title")} help={t("help")}>
      <div className="flex flex-col gap-3 rounded-lg border border-line bg-surface px-4 py-3">
        <p ref={tableSize} tabIndex={-1} className="tabular-nums outline-none">
          {size ? t("size", { services: size.services, servers: size.servers }) : "–"}
        </p>
        {cleared && <ClearedNote cleared={cleared} box={note} onBack={back} />}
        {operator && (
          <div className="flex flex-wrap items-center gap-2">
            <Button disabled={zeroBlocked !== null} onClick={() => dialog.open("zero")}>
              <Eraser className="size-4" aria-hidden="true" />
              {t("zeroAll")}
            </Button>
            {admin && (
              <Button variant="danger" disabled={off} onClick={() => dialog.open("clear")}>
                <Trash2 className="size-4" aria-hidden="true" />
                {t("clear")}
              </Button>
            )}
            {blocked && (
              <p role="status" className="text-xs text-changing">
                {blocked}
              </p>
            )}
          </div>
        )}
        <p className="text-[13px] text-muted">{t(operator ? (admin ? "zeroOne" : "clearNeedsAdmin") : "needsRole")}</p>
      </div>
      {dialog.task === "zero" && (
        <ZeroDialog key={dialog.opening} id={null} onClose={dialog.close} onCloseAutoFocus={dialog.onCloseAutoFocus} />
      )}
      {dialog.task === "clear" && (
        <ClearDialog
          key={dialog.opening}
          onClose={dialog.close}
          onCloseAutoFocus={(event) => {
            if (!note.current) return dialog.onCloseAutoFocus(event);
            event.preventDefault();
            note.current.focus();
          }}
          onCleared={(done) => {
            setCleared(done);
            dialog.close();
          }}
        />
      )}
    </Section>
  );
}
