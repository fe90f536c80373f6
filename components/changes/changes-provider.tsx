"use client";

import dynamic from "next/dynamic";
import { createContext, type ReactNode, use, useEffect, useMemo, useRef, useState } from "react";
import { rememberFocus } from "./remember-focus.ts";
import type { WeightDraft } from "./weight-draft.ts";

const ChangeDialog = dynamic(() => import("./change-dialog.tsx").then((module) => module.ChangeDialog), { ssr: false });

/** What a dialog is open for. Rows are named by id: they may leave the screen, or the table, while it is open. */
export type Task =
  | { kind: "add-service" }
  | { kind: "edit-service" | "zero"; id: string }
  | { kind: "add-server"; serviceId: string }
  | { kind: "edit-server"; id: string }
  | { kind: "weight" | "drain" | "restore" | "remove"; ids: readonly string[] };

/** Opens the dialogs that change the table. Ids of rows are serviceId() and serverId(); a service stands for all its servers. */
export interface Changes {
  addService: () => void;
  editService: (id: string) => void;
  /** sets a service's counters, and those of its servers, to zero */
  zero: (serviceId: string) => void;
  addServer: (serviceId: string) => void;
  editServer: (id: string) => void;
  /** one weight for all of them */
  setWeight: (ids: readonly string[]) => void;
  drain: (ids: readonly string[]) => void;
  restore: (ids: readonly string[]) => void;
  remove: (ids: readonly string[]) => void;
}

interface ChangesValue {
  changes: Changes;
  /** weights typed in place, by row id: a row that scrolls away and back keeps what was typed */
  drafts: Map<string, WeightDraft>;
}

const ChangesContext = createContext<ChangesValue | null>(null);

/** Once around the pages: the one dialog that changes the table lives here, above rows that come and go. */
export function ChangesProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<{ task: Task; number: number } | null>(null);
  const returnFocus = useRef<() => void>(() => {});
  const number = useRef(0);
  const isOpen = useRef(false);
  useEffect(() => {
    isOpen.current = open !== null;
  }, [open]);
  const value = useMemo<ChangesValue>(() => {
    const start = (task: Task) => {
      // A dialog that leads to the next gives the focus back to where the first was opened.
      if (!isOpen.current) returnFocus.current = rememberFocus(document);
      number.current++;
      setOpen({ task, number: number.current });
    };
    return {
      drafts: new Map(),
      changes: {
        addService: () => start({ kind: "add-service" }),
        editService: (id) => start({ kind: "edit-service", id }),
        zero: (id) => start({ kind: "zero", id }),
        addServer: (serviceId) => start({ kind: "add-server", serviceId }),
        editServer: (id) => start({ kind: "edit-server", id }),
        setWeight: (ids) => start({ kind: "weight", ids }),
        drain: (ids) => start({ kind: "drain", ids }),
        restore: (ids) => start({ kind: "restore", ids }),
        remove: (ids) => start({ kind: "remove", ids }),
      },
    };
  }, []);
  return (
    <ChangesContext value={value}>
      {children}
      {open && (
        <ChangeDialog
          key={open.number}
          task={open.task}
          opening={open.number}
          onClose={() => setOpen((now) => (now?.number === open.number ? null : now))}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            returnFocus.current();
          }}
        />
      )}
    </ChangesContext>
  );
}

function useChangesValue(): ChangesValue {
  const value = use(ChangesContext);
  if (!value) throw new Error("ChangesProvider is missing");
  return value;
}

export function useChanges(): Changes {
  return useChangesValue().changes;
}

export function useWeightDrafts(): Map<string, WeightDraft> {
  return useChangesValue().drafts;
}
