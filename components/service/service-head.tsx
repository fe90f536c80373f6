"use client";

import { Pencil, Plus, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { schedulerFlagName } from "#domain/rules/format";
import { fullNetmask, serviceFamily } from "#domain/service";
import type { ServiceRecord } from "#domain/table";
import { useChanges } from "../changes/changes-provider.tsx";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { useNames } from "../changes/use-names.ts";
import { useFollowed } from "../live/use-live.ts";
import { ServiceStateWord } from "../services/state-word.tsx";
import { Button } from "../ui/button.tsx";
import { useUnits } from "../units/use-units.ts";

/** The service's name, how it stands, how it is set, and what can be done with it. */
export function ServiceHead({ record, gone }: { record: ServiceRecord; gone: boolean }) {
  const t = useTranslations("service");
  const { serviceName } = useNames();
  const [followed] = useFollowed([record.id]);
  const { servers = record.servers.length, usable = 0 } = followed?.described ?? {};
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
      <div className="min-w-0">
        <h1 className="flex flex-wrap items-center gap-x-3 text-lg font-semibold">
          <span className="break-all">{serviceName(record.key)}</span>
          {followed?.described && !gone && (
            <span className="text-[13px] font-normal">
              <ServiceStateWord servers={servers} usable={usable} />
            </span>
          )}
        </h1>
        <Settings record={record} />
      </div>
      <ServiceActions id={record.id} block={gone ? t("removed") : null} />
    </header>
  );
}

function Settings({ record }: { record: ServiceRecord }) {
  const t = useTranslations("service");
  const { duration } = useUnits();
  const { scheduler, schedulerFlags, persistence, onePacket, engine } = record.spec;
  const flags = schedulerFlags.map((flag) => schedulerFlagName(scheduler, flag) ?? flag).join(", ");
  return (
    <dl className="mt-1 flex flex-wrap gap-x-5 gap-y-0.5 text-[13px]">
      <Setting name={t("scheduler")}>{flags ? t("schedulerWith", { scheduler, flags }) : scheduler}</Setting>
      <Setting name={t("persistence")}>
        {!persistence
          ? t("none")
          : persistence.netmask === fullNetmask(serviceFamily(record.key))
            ? duration(persistence.timeoutS)
            : t("persistenceBy", { time: duration(persistence.timeoutS), netmask: persistence.netmask })}
      </Setting>
      {engine && <Setting name={t("engine")}>{engine}</Setting>}
      {onePacket && <Setting name={t("onePacket")}>{t("on")}</Setting>}
    </dl>
  );
}

function Setting({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-1.5">
      <dt className="text-muted">{name}</dt>
      <dd className="tabular-nums">{children}</dd>
    </div>
  );
}

function ServiceActions({ id, block }: { id: string; block: string | null }) {
  const t = useTranslations("service");
  const changes = useChanges();
  const reason = useEditBlock() ?? block;
  if (!useMayEdit()) return null;
  const blocked = reason === null ? {} : { disabled: true, title: reason };
  return (
    <div className="ml-auto flex flex-wrap gap-2">
      <Button variant="primary" {...blocked} onClick={() => changes.addServer(id)}>
        <Plus className="size-4" aria-hidden="true" />
        {t("addServer")}
      </Button>
      <Button {...blocked} onClick={() => changes.editService(id)}>
        <Pencil className="size-4" aria-hidden="true" />
        {t("edit")}
      </Button>
      <Button {...blocked} onClick={() => changes.remove([id])}>
        <Trash2 className="size-4" aria-hidden="true" />
        {t("remove")}
      </Button>
    </div>
  );
}
