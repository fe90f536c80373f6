import { useTranslations } from "next-intl";
import { toast } from "#components/ui/toaster";
import { useErrorText } from "#components/words";
import type { Change } from "#domain/change";
import { parseServiceId } from "#domain/service";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import { type ChangeResults, useApply } from "./use-apply.ts";

/** What is said in the corner when a plan is done; a drain can be taken back from there. */
export function useChangeToasts(): {
  planDone: (kind: "weight" | "drain" | "restore", results: ChangeResults, records: readonly ServiceRecord[]) => void;
} {
  const t = useTranslations("change");
  const errorText = useErrorText();
  const { apply } = useApply();

  async function restore(servers: readonly ServerRecord[]) {
    const outcome = await apply(servers.flatMap(restoreOf));
    if (outcome.ok) toast("success", t("done.restore", { count: outcome.results.length }));
    else toast("error", t("notRestored"), { description: errorText(outcome.refusal) });
  }

  return {
    planDone(kind, results, records) {
      const servers = results.flatMap((result) => (result.kind === "server" && result.record ? [result.record] : []));
      const text = t(`done.${kind}`, { count: results.length });
      if (kind !== "drain") return toast("success", text);
      const connections = servers.reduce((sum, { gauges }) => sum + gauges.active, 0);
      const persistent = records.some(
        ({ id, spec }) => spec.persistence && servers.some((server) => server.serviceId === id),
      );
      const remaining = t("remaining", { count: connections });
      toast("success", text, {
        description: persistent ? `${remaining} ${t("persistentStillCome")}` : remaining,
        action: { label: t("undo"), onClick: () => void restore(servers) },
        duration: 15_000,
      });
    },
  };
}

function restoreOf({ serviceId, spec }: ServerRecord): Change[] {
  const service = parseServiceId(serviceId);
  if (!service) return [];
  return [{ verb: "restore-server", service, server: { address: spec.address, port: spec.port }, expected: spec }];
}
