"use client";
import { Play, Square } from "lucide-react";
import { useTranslations } from "next-intl";
import { useId } from "react";
import { useMay } from "#components/session/me";
import { Badge } from "#components/ui/badge";
import { Button } from "#components/ui/button";
import type { SyncDaemon, SyncRole } from "#domain/sync-daemon";
import { useEditBlock } from "../../changes/use-edit-block.ts";

const parts = ["interface", "syncId", "maxLength", "group", "port", "ttl"] as const;

export interface DaemonCardProps {
  role: SyncRole;
  /** null: it does not run */
  daemon: SyncDaemon | null;
  onStart: () => void;
  onStop: () => void;
}

/** One of the two daemons: whether it runs, and with what. */
export function DaemonCard({ role, daemon, onStart, onStop }: DaemonCardProps) {
  const t = useTranslations("directorPage.sync");
  const id = useId();
  const admin = useMay("admin");
  const blocked = useEditBlock();
  const off = blocked === null ? {} : { disabled: true, title: blocked };
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3 rounded-lg border border-line bg-surface px-4 py-3">
      <div className="flex flex-wrap items-center gap-2">
        <h3 id={id} className="font-medium">
          {t(`role.${role}`)}
        </h3>
        <Badge tone={daemon ? "up" : "off"}>{t(daemon ? "running" : "stopped")}</Badge>
        {admin && (
          <div className="ml-auto">
            {daemon ? (
              <Button size="sm" {...off} onClick={onStop}>
                <Square className="size-3.5" aria-hidden="true" />
                {t(`stop.${role}`)}
              </Button>
            ) : (
              <Button size="sm" {...off} onClick={onStart}>
                <Play className="size-3.5" aria-hidden="true" />
                {t(`start.${role}`)}
              </Button>
            )}
          </div>
        )}
      </div>
      <p className="text-[13px] text-muted">{t(`what.${role}`)}</p>
      {daemon && (
        <dl className="grid grid-cols-2 gap-x-6 gap-y-1.5 sm:grid-cols-3">
          {parts.map((part) => (
            <div key={part} className="min-w-0">
              <dt className="text-xs text-muted">{t(`part.${part}`)}</dt>
              <dd className="font-medium break-all tabular-nums">{String(daemon[part])}</dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
