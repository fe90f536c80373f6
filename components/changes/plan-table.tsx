"use client";

import { ArrowRight } from "lucide-react";
import { useTranslations } from "next-intl";
import { HeadCell, NumberCell, Table, TextCell } from "#components/ui/table-cells";
import type { Change } from "#domain/change";
import { serverId } from "#domain/real-server";
import { countText } from "#domain/units";
import type { ChosenServer } from "./plan.ts";
import { useNames } from "./use-names.ts";

const maxRows = 200;

/** A plan server by server: its weight now and then, and the connections it has. Those that stay as they are stand last, faint. */
export function PlanTable({
  kind,
  servers,
  changes,
}: {
  kind: "weight" | "drain" | "restore";
  servers: readonly ChosenServer[];
  changes: readonly Change[];
}) {
  const t = useTranslations("change");
  const { serviceName, serverName } = useNames();
  const changed = new Map(
    changes.flatMap((change) =>
      "server" in change ? [[serverId(change.service, change.server), change] as const] : [],
    ),
  );
  const rows = [...servers].sort((a, b) => Number(changed.has(b.server.id)) - Number(changed.has(a.server.id)));
  return (
    <>
      <Table label={t("plan")} className="max-h-72 overflow-y-auto">
        <thead>
          <tr>
            <HeadCell>{t("planServer")}</HeadCell>
            <HeadCell numeric>{t("weight")}</HeadCell>
            <HeadCell numeric>{t("planActive")}</HeadCell>
            <HeadCell numeric>{t("planInactive")}</HeadCell>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, maxRows).map(({ service, server }) => {
            const change = changed.get(server.id);
            const then = change ? weightAfter(change, server.drainedWeight) : null;
            // Before a weight is typed nobody knows which of them stay.
            const stays = then === null && (kind !== "weight" || changes.length > 0);
            return (
              <tr key={server.id} className={stays ? "text-muted" : ""}>
                <TextCell className="tabular-nums">
                  {serverName(server.spec)}
                  <span className="block text-xs text-muted">{serviceName(service.key)}</span>
                </TextCell>
                <NumberCell>
                  {server.spec.weight}
                  {then !== null && (
                    <>
                      <ArrowRight className="mx-1 inline size-3.5 text-muted" role="img" aria-label={t("becomes")} />
                      <b className="font-semibold">{then}</b>
                    </>
                  )}
                  {stays && <span className="block text-xs">{t(`planStays.${kind}`)}</span>}
                </NumberCell>
                <NumberCell>{countText(server.gauges.active)}</NumberCell>
                <NumberCell>{countText(server.gauges.inactive)}</NumberCell>
              </tr>
            );
          })}
        </tbody>
      </Table>
      {rows.length > maxRows && <p className="text-xs text-muted">{t("andMore", { count: rows.length - maxRows })}</p>}
    </>
  );
}

function weightAfter(change: Change, drainedWeight: number | null): number | null {
  if (change.verb === "set-weight") return change.weight;
  if (change.verb === "drain-server") return 0;
  return change.verb === "restore-server" ? drainedWeight : null;
}
