import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { useCallback } from "react";
import { useTRPC } from "#components/trpc";
import type { Change } from "#domain/change";
import type { ErrorShape } from "#domain/errors";
import type { AppRouter } from "#server/web/app-router";
import { errorShapeOf } from "./error-shape.ts";

export type ChangeResults = inferRouterOutputs<AppRouter>["table"]["change"];
export type Outcome = { ok: true; results: ChangeResults } | { ok: false; refusal: ErrorShape };

/**
 * Has the director do changes, all or none. A refusal is an answer, not an exception: who asked shows it where the
 * input is. Records read before are asked for again when the table moved.
 */
export function useApply(): { apply: (changes: Change[]) => Promise<Outcome>; pending: boolean } {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { mutateAsync, isPending } = useMutation(trpc.table.change.mutationOptions());
  const apply = useCallback(
    async (changes: Change[]): Promise<Outcome> => {
      try {
        const results = await mutateAsync({ changes });
        void queries.invalidateQueries(trpc.table.service.queryFilter());
        return { ok: true, results };
      } catch (thrown) {
        return { ok: false, refusal: errorShapeOf(thrown) };
      }
    },
    [mutateAsync, queries, trpc],
  );
  return { apply, pending: isPending };
}
