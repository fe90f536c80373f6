import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPC, useTRPCClient } from "#components/trpc";
import type { ErrorShape } from "#domain/errors";
import type { JobProgress } from "#domain/revision";
import type { RulesApplied } from "#domain/rules-exchange";
import type { MadePlan } from "../use-plan.ts";
import { newJobId } from "./new-job-id.ts";

export type ApplyState =
  | { kind: "ready" }
  | { kind: "running"; progress: JobProgress | null; cancelling: boolean }
  /** null: the person was asked for the password and did not give it */
  | { kind: "refused"; refusal: ErrorShape | null }
  | { kind: "done"; applied: RulesApplied };

export interface ApplyChoice {
  note: string;
  /** seconds in which it must be confirmed; null: it stays without */
  confirmS: number | null;
}

const askEveryMs = 300;

/** Does a plan: all of it or nothing. While it lasts the director is asked how far it is, and it can be told to stop. */
export function useRulesApply({ doc, mode, plan }: MadePlan): {
  state: ApplyState;
  apply: (choice: ApplyChoice) => Promise<void>;
  cancel: () => void;
} {
  const client = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const call = useAskPassword();
  const [state, setState] = useState<ApplyState>({ kind: "ready" });
  const [jobId, setJobId] = useState<string | null>(null);

  useEffect(() => {
    if (jobId === null) return;
    let [asking, over] = [false, false];
    const timer = setInterval(async () => {
      if (asking) return;
      asking = true;
      // What is not answered is asked again soon; the call itself says how it ends.
      const progress = await client.rules.progress.query({ jobId }).catch(() => null);
      asking = false;
      if (!over && progress) setState((now) => (now.kind === "running" ? { ...now, progress } : now));
    }, askEveryMs);
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [client, jobId]);

  const apply = useCallback(
    async ({ note, confirmS }: ApplyChoice) => {
      const id = newJobId();
      setJobId(id);
      setState({ kind: "running", progress: null, cancelling: false });
      const input = { text: doc.read(), mode, tag: plan.tag, note: note.trim(), confirmS, jobId: id };
      const answered = await call(() => client.rules.write.mutate(input));
      setJobId(null);
      setState(
        answered.ok ? { kind: "done", applied: answered.value } : { kind: "refused", refusal: answered.refusal },
      );
      // Of what was refused or got lost, the table knows the truth too. What may have to be confirmed is asked first: the
      // rest of a large table would hold its answer up.
      await queries.invalidateQueries(trpc.rules.pending.queryFilter());
      void queries.invalidateQueries(trpc.rules.pathFilter());
      void queries.invalidateQueries(trpc.table.service.queryFilter());
    },
    [call, client, doc, mode, plan.tag, queries, trpc],
  );
  const running = useRef<string | null>(null);
  useEffect(() => {
    running.current = jobId;
  }, [jobId]);
  const cancel = useCallback(() => {
    const id = running.current;
    if (id === null) return;
    setState((now) => (now.kind === "running" ? { ...now, cancelling: true } : now));
    client.rules.cancel.mutate({ jobId: id }).then(
      // Too late to be stopped, or not begun yet: it can be asked for again.
      (stopped) => !stopped && setState((now) => (now.kind === "running" ? { ...now, cancelling: false } : now)),
      () => setState((now) => (now.kind === "running" ? { ...now, cancelling: false } : now)),
    );
  }, [client]);
  return { state, apply, cancel };
}
