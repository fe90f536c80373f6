"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { drainProgress } from "#domain/drain";
import type { ServerRecord, ServiceRecord } from "#domain/table";
import { countText } from "#domain/units";
import { useChanges } from "../changes/changes-provider.tsx";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { valueAt } from "../charts/averages.ts";
import type { ChartMoment } from "../charts/chart-feed.ts";
import { useChartGroup } from "../charts/chart-group.tsx";
import { connectionsHref } from "../connections/connection-links.ts";
import { rowName } from "../services/row-name.ts";
import { Button } from "../ui/button.tsx";
import { useUnits } from "../units/use-units.ts";

/** Servers that get no new connections and still have some: what is left, how fast it falls, when it will be gone. */
export function DrainPanel({ record, servers }: { record: ServiceRecord; servers: readonly ServerRecord[] }) {
  const t = useTranslations("service");
  const titleId = useId();
  const { moment } = useChartGroup();
  const drains = servers
    .filter(({ spec }) => spec.weight <= 0)
    .map((server) => ({ server, points: connectionsOf(moment, server.id) }))
    .filter(({ points }) => (points.at(-1)?.connections ?? 0) > 0);
  if (drains.length === 0) return null;
  return (
    <section aria-labelledby={titleId} className="rounded-lg border border-line bg-surface px-4 py-3">
      <h2 id={titleId} className="text-base font-semibold">
        {t("draining", { count: drains.length })}
      </h2>
      {record.spec.persistence && <p className="mt-0.5 text-[13px] text-muted">{t("drainPersistent")}</p>}
      <ul className="mt-2 flex flex-col gap-2">
        {drains.map(({ server, points }) => (
          <Drain key={server.id} server={server} points={points} />
        ))}
      </ul>
    </section>
  );
}

function Drain({ server, points }: { server: ServerRecord; points: ReturnType<typeof connectionsOf> }) {
  const t = useTranslations("service");
  const { duration, short } = useUnits();
  const changes = useChanges();
  const block = useEditBlock();
  const mayEdit = useMayEdit();
  const { remaining, peak, fallingPerSecond, emptyInS } = drainProgress(points);
  const name = rowName(server);
  return (
    <li className="grid grid-cols-[minmax(9rem,auto)_minmax(6rem,1fr)_auto_auto] items-center gap-x-4 gap-y-1 max-sm:grid-cols-[1fr_auto]">
      <span className="font-medium tabular-nums">{name}</span>
      <div
        role="progressbar"
        aria-label={t("drainProgress", { name })}
        aria-valuemin={0}
        aria-valuemax={peak}
        aria-valuenow={remaining}
        aria-valuetext={t("drainLeft", { number: countText(remaining) })}
        className="h-2 overflow-hidden rounded-full bg-draining-soft max-sm:order-last max-sm:col-span-2"
      >
        <div
          className="h-full bg-current text-draining"
          style={{ width: `${peak > 0 ? (100 * remaining) / peak : 0}%` }}
        />
      </div>
      <span className="live-number text-right text-[13px] tabular-nums max-sm:order-last max-sm:col-span-2 max-sm:text-left">
        {t("drainLeft", { number: countText(remaining) })}{" "}
        <span className="text-muted">
          {emptyInS === null
            ? t("drainNotFalling")
            : t("drainEstimate", {
                rate: short(fallingPerSecond, "connectionsPerSecond"),
                time: duration(emptyInS),
              })}
        </span>{" "}
        <Link
          href={connectionsHref(server)}
          prefetch={false}
          className="text-accent underline"
          aria-label={t("drainConnectionsOf", { name })}
        >
          {t("drainConnections")}
        </Link>
      </span>
      {mayEdit && (
        <Button
          size="sm"
          {...(block === null ? {} : { disabled: true, title: block })}
          onClick={() => changes.restore([server.id])}
        >
          {t("restore")}
        </Button>
      )}
    </li>
  );
}

/** Active and inactive together: a server is empty when both are gone. */
function connectionsOf(moment: ChartMoment, id: string): { atMs: number; connections: number }[] {
  const active = moment.column(id, "active");
  const inactive = moment.column(id, "inactive");
  return moment.times.flatMap((atMs, index) => {
    const there = active[index];
    if (typeof there !== "number") return [];
    return [{ atMs, connections: there + (valueAt(inactive, index) ?? 0) }];
  });
}
