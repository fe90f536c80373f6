import { useCallback, useRef, useState } from "react";
import { useTRPCClient } from "#components/trpc";
import type { ErrorShape } from "#domain/errors";
import type { PlanMode } from "#domain/rules/plan";
import type { RulesPlan } from "#domain/rules-exchange";
import { errorShapeOf } from "../changes/error-shape.ts";
import type { RuleDoc } from "./rule-doc.ts";

interface Asked {
  doc: RuleDoc;
  mode: PlanMode;
}
export type MadePlan = Asked & {
  kind: "made";
  plan: RulesPlan;
  /** another for every plan that was asked for */
  number: number;
};
export type PlanState =
  | { kind: "none" }
  | ({ kind: "asking" } & Asked)
  | ({ kind: "refused"; refusal: ErrorShape } & Asked)
  | MadePlan;

/** What a text would do to the table as it is: asked for, and kept until another is. The last one asked for counts. */
export function usePlan(): {
  plan: PlanState;
  ask: (doc: RuleDoc, mode: PlanMode) => Promise<void>;
  drop: () => void;
} {
  const client = useTRPCClient();
  const [plan, setPlan] = useState<PlanState>({ kind: "none" });
  const asked = useRef(0);
  const ask = useCallback(
    async (doc: RuleDoc, mode: PlanMode) => {
      const number = ++asked.current;
      const settle = (state: PlanState) => number === asked.current && setPlan(state);
      setPlan({ kind: "asking", doc, mode });
      try {
        const made = await client.rules.plan.mutate({ text: doc.read(), mode });
        settle({ kind: "made", doc, mode, plan: made, number });
      } catch (thrown) {
        settle({ kind: "refused", doc, mode, refusal: errorShapeOf(thrown) });
      }
    },
    [client],
  );
  const drop = useCallback(() => {
    asked.current++;
    setPlan({ kind: "none" });
  }, []);
  return { plan, ask, drop };
}
