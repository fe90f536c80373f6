"use client";

import { ArrowDownToLine, Eraser, type LucideIcon, Pencil, Plus, RotateCcw, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { MenuItem, MenuSeparator } from "#components/ui/menu";
import { useChanges } from "./changes-provider.tsx";
import { useEditBlock, useHostBlock } from "./use-edit-block.ts";

interface Entry {
  icon: LucideIcon;
  label: string;
  onSelect: () => void;
  /** why not now, where editing as such is not blocked */
  unless?: string | null;
  /** it changes counters and no setting */
  countersOnly?: boolean;
}

/** What a real server's menu offers. `drainedWeight` as in the row: what restoring gives back. */
export function ServerMenuItems({
  id,
  weight,
  drainedWeight,
}: {
  id: string;
  weight: number;
  drainedWeight: number | null;
}) {
  const t = useTranslations("change");
  const changes = useChanges();
  const drain = {
    icon: ArrowDownToLine,
    label: t("menu.drain"),
    onSelect: () => changes.drain([id]),
    unless: weight === 0 ? t("weightIsZero") : null,
  };
  const restore = (back: number) => ({
    icon: RotateCcw,
    label: t("menu.restore", { weight: back }),
    onSelect: () => changes.restore([id]),
  });
  return (
    <Items
      id={id}
      entries={[
        { icon: Pencil, label: t("menu.editServer"), onSelect: () => changes.editServer(id) },
        drainedWeight === null || weight > 0 ? drain : restore(drainedWeight),
      ]}
    />
  );
}

/** What a virtual service's menu offers; draining and restoring mean all its servers. */
export function ServiceMenuItems({ id, servers }: { id: string; servers: number }) {
  const t = useTranslations("change");
  const changes = useChanges();
  const unless = servers === 0 ? t("noServers") : null;
  return (
    <Items
      id={id}
      entries={[
        { icon: Plus, label: t("menu.addServer"), onSelect: () => changes.addServer(id) },
        { icon: Pencil, label: t("menu.editService"), onSelect: () => changes.editService(id) },
        { icon: ArrowDownToLine, label: t("menu.drainAll"), onSelect: () => changes.drain([id]), unless },
        { icon: RotateCcw, label: t("menu.restoreAll"), onSelect: () => changes.restore([id]), unless },
        { icon: Eraser, label: t("menu.zero"), onSelect: () => changes.zero(id), countersOnly: true },
      ]}
    />
  );
}

/** The entries, and at the end, apart, what removes the row. */
function Items({ id, entries }: { id: string; entries: Entry[] }) {
  const t = useTranslations("change");
  const changes = useChanges();
  const blockedBecause = useEditBlock();
  const countersBlocked = useHostBlock();
  return (
    <>
      {entries.map(({ icon: Icon, label, onSelect, unless, countersOnly }) => (
        <MenuItem
          key={label}
          icon={<Icon className="size-4 shrink-0 text-muted" />}
          blockedBecause={(countersOnly ? countersBlocked : blockedBecause) ?? unless}
          onSelect={onSelect}
        >
          {label}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem
        danger
        icon={<Trash2 className="size-4 shrink-0" />}
        blockedBecause={blockedBecause}
        onSelect={() => changes.remove([id])}
      >
        {t("menu.remove")}
      </MenuItem>
    </>
  );
}
