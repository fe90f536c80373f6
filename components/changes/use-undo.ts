import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { useTRPCClient } from "#components/trpc";
import { type ToastAction, toast } from "#components/ui/toaster";
import type { Change } from "#domain/change";
import { serviceId } from "#domain/service";
import { inverseOf, type WasServer } from "./inverse.ts";
import { type ChangeResults, useApply } from "./use-apply.ts";
import { useRefusalText } from "./use-refusal-text.ts";

/** How long a toast with a way back stays, ms. */
export const undoableMs = 15_000;

/** What was just done, and what is needed to take it back. */
export interface Done {
  changes: readonly Change[];
  results: ChangeResults;
  /** the real servers concerned as they were, with all those of services that were removed */
  was?: readonly WasServer[];
}

/**
 * The button that takes back what was just done; null where there is no way back. A row that somebody changed since
 * is left alone, and then all of it is: the refusal says so.
 */
export function useUndo(): (done: Done) => ToastAction | null {
  const t = useTranslations("change");
  const refusalText = useRefusalText();
  const client = useTRPCClient();
  const { apply } = useApply();

  const undo = useCallback(
    async (inverse: Change[]) => {
      for (const change of inverse) {
        if (change.verb !== "remove-service") continue;
        // Servers that were given to a new service meanwhile would go with it.
        const record = await client.table.service.query({ id: serviceId(change.service) }).catch(() => null);
        if (record && record.servers.length > 0) {
          return toast("error", t("notUndone"), { description: t("notUndoneServers") });
        }
      }
      const outcome = await apply(inverse);
      if (outcome.ok) toast("success", t("undone"));
      else toast("error", t("notUndone"), { description: refusalText(outcome.refusal) });
    },
    [apply, client, refusalText, t],
  );
  return useCallback(
    ({ changes, results, was = [] }) => {
      const inverse = inverseOf(changes, results, was);
      return inverse && { label: t("takeBack"), onClick: () => void undo(inverse) };
    },
    [t, undo],
  );
}
