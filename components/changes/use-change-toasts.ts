import { useTranslations } from "next-intl";
import { toast } from "#components/ui/toaster";
import type { Change } from "#domain/change";
import { parseServiceId } from "#domain/service";
import type { ServerRecord } from "#domain/table";
import { useApply } from "./use-apply.ts";
import { useNames } from "./use-names.ts";
import { useRefusalText } from "./use-refusal-text.ts";
import { type Done, undoableMs, useUndo } from "./use-undo.ts";

/** What is said in the corner when a plan is done; it can be taken back from there. */
export function useChangeToasts(): {
  planDone: (kind: "weight" | "drain" | "restore", done: Done) => void;
} {
  const t = useTranslations("change");
  const refusalText = useRefusalText();
  const { serverName } = useNames();
  const { apply } = useApply();
  const undoOf = useUndo();

  async function restore(servers: readonly ServerRecord[]) {
    const changes = servers.flatMap(restoreOf);
    const outcome = await apply(changes);
    if (outcome.ok) toasts.planDone("restore", { changes, results: outcome.results });
    else toast("error", t("notRestored"), { description: refusalText(outcome.refusal) });
  }

  const toasts: ReturnType<typeof useChangeToasts> = {
    planDone(kind, done) {
      const { results } = done;
      const servers = results.flatMap((result) => (result.kind === "server" && result.record ? [result.record] : []));
      const only = servers.length === 1 ? servers[0] : undefined;
      const text = only
        ? t(`doneOne.${kind}`, { server: serverName(only.spec), weight: only.spec.weight })
        : t(`done.${kind}`, { count: results.length });
      if (kind !== "drain") {
        const action = undoOf(done);
        return toast("success", text, action ? { action, duration: undoableMs } : {});
      }
      toast("success", text, {
        description: t("remaining", { count: servers.reduce((sum, { gauges }) => sum + gauges.active, 0) }),
        action: { label: t("undo"), onClick: () => void restore(servers) },
        duration: undoableMs,
      });
    },
  };
  return toasts;
}

function restoreOf({ serviceId, spec }: ServerRecord): Change[] {
  const service = parseServiceId(serviceId);
  if (!service) return [];
  return [{ verb: "restore-server", service, server: { address: spec.address, port: spec.port }, expected: spec }];
}
