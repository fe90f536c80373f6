import { useTranslations } from "next-intl";
import { toast } from "#components/ui/toaster";
import type { ServerRecord } from "#domain/table";
import { useNames } from "./use-names.ts";
import { type Done, undoableMs, useUndo } from "./use-undo.ts";

/** What is said in the corner when a plan is done; it can be taken back from there. */
export function useChangeToasts(): {
  planDone: (kind: "weight" | "drain" | "restore", done: Done) => void;
} {
  const t = useTranslations("change");
  const { serverName } = useNames();
  const undoOf = useUndo();

  return {
    planDone(kind, done) {
      const { results } = done;
      const servers = results.flatMap((result) => (result.kind === "server" && result.record ? [result.record] : []));
      const only = servers.length === 1 ? servers[0] : undefined;
      const text = only
        ? t(`doneOne.${kind}`, { server: serverName(only.spec), weight: only.spec.weight })
        : t(`done.${kind}`, { count: results.length });
      const action = undoOf(done);
      toast("success", text, {
        ...(kind === "drain" && { description: t("remaining", { count: activeOf(servers) }) }),
        ...(action && { action, duration: undoableMs }),
      });
    },
  };
}

const activeOf = (servers: readonly ServerRecord[]) => servers.reduce((sum, { gauges }) => sum + gauges.active, 0);
