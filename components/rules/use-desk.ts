import { useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useTRPC } from "#components/trpc";
import { toast } from "#components/ui/toaster";
import type { ErrorShape } from "#domain/errors";
import type { PlanMode } from "#domain/rules/plan";
import { errorShapeOf } from "../changes/error-shape.ts";
import { type DeskState, deskReducer, emptyDesk } from "./desk-state.ts";
import { docOf, type Origin, type RuleDoc } from "./rule-doc.ts";
import { type MadePlan, type PlanState, usePlan } from "./use-plan.ts";

export interface Desk extends DeskState {
  plan: PlanState;
  /** the plan for this very text and mode; null when there is none, or they were changed since */
  current: MadePlan | null;
  reading: boolean;
  /** why the table could not be read */
  notRead: ErrorShape | null;
  edit: (doc: RuleDoc) => void;
  setMode: (mode: PlanMode) => void;
  /** puts a text into the editor; with a mode, its plan is shown at once */
  load: (text: string, origin: Origin, mode?: PlanMode) => void;
  loadTable: () => Promise<void>;
  showPlan: () => void;
  dropPlan: () => void;
}

/** What a person works on outlives a look at another page of the console, for as long as the tab does. */
let kept: DeskState | null = null;

/** The text being worked on and its plan. It starts with the table as it is now. */
export function useDesk(): Desk {
  const t = useTranslations("rulesPage");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [desk, dispatch] = useReducer(deskReducer, emptyDesk, (empty) => kept ?? empty);
  const [read, setRead] = useState<{ pending: boolean; refusal: ErrorShape | null }>({ pending: false, refusal: null });
  const { plan, ask, drop } = usePlan();
  const latest = useRef(desk);
  useEffect(() => {
    kept = desk;
    latest.current = desk;
  }, [desk]);

  const load = useCallback(
    (text: string, origin: Origin, mode?: PlanMode) => {
      const doc = docOf(text);
      const had = latest.current;
      dispatch({ kind: "loaded", doc, origin, ...(mode ? { mode } : {}) });
      if (mode) void ask(doc, mode);
      else drop();
      if (!had.edited || had.doc.length === 0) return;
      toast("message", t("replaced"), {
        action: { label: t("bringBack"), onClick: () => dispatch({ kind: "brought-back", desk: had }) },
        duration: 15_000,
      });
    },
    [ask, drop, t],
  );
  const loadTable = useCallback(async () => {
    setRead({ pending: true, refusal: null });
    try {
      const { text } = await queries.fetchQuery(trpc.rules.text.queryOptions(undefined, { staleTime: 0 }));
      load(text, { kind: "table", atMs: Date.now() });
      setRead({ pending: false, refusal: null });
    } catch (thrown) {
      setRead({ pending: false, refusal: errorShapeOf(thrown) });
    }
  }, [queries, trpc, load]);
  const untouched = desk.origin.kind === "nothing" && !desk.edited;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, with what the page starts with
  useEffect(() => {
    if (untouched) void loadTable();
  }, []);

  const current = plan.kind === "made" && plan.doc === desk.doc && plan.mode === desk.mode ? plan : null;
  return {
    ...desk,
    plan,
    current,
    reading: read.pending,
    notRead: read.refusal,
    edit: useCallback((doc) => dispatch({ kind: "edited", doc }), []),
    setMode: useCallback((mode) => dispatch({ kind: "mode", mode }), []),
    load,
    loadTable,
    showPlan: () => void ask(desk.doc, desk.mode),
    dropPlan: drop,
  };
}
