"use client";

import { ArrowDownToLine, Pencil, Plus, RotateCcw, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { MenuItem, MenuSeparator } from "#components/ui/menu";
import { useChanges } from "./changes-provider.tsx";
import { useEditBlock } from "./use-edit-block.ts";

const iconClasses = "size-4 shrink-0 text-muted";

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
  const blockedBecause = useEditBlock();
  return (
    <>
      <MenuItem
        icon={<Pencil className={iconClasses} />}
        blockedBecause={blockedBecause}
        onSelect={() => changes.editServer(id)}
      >
        {t("menu.editServer")}
      </MenuItem>
      {drainedWeight === null || weight > 0 ? (
        <MenuItem
          icon={<ArrowDownToLine className={iconClasses} />}
          blockedBecause={blockedBecause ?? (weight === 0 ? t("weightIsZero") : null)}
          onSelect={() => changes.drain([id])}
        >
          {t("menu.drain")}
        </MenuItem>
      ) : (
        <MenuItem
          icon={<RotateCcw className={iconClasses} />}
          blockedBecause={blockedBecause}
          onSelect={() => changes.restore([id])}
        >
          {t("menu.restore", { weight: drainedWeight })}
        </MenuItem>
      )}
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

/** What a virtual service's menu offers; draining and restoring mean all its servers. */
export function ServiceMenuItems({ id, servers }: { id: string; servers: number }) {
  const t = useTranslations("change");
  const changes = useChanges();
  const blockedBecause = useEditBlock();
  const noServers = servers === 0 ? t("noServers") : null;
  return (
    <>
      <MenuItem
        icon={<Plus className={iconClasses} />}
        blockedBecause={blockedBecause}
        onSelect={() => changes.addServer(id)}
      >
        {t("menu.addServer")}
      </MenuItem>
      <MenuItem
        icon={<Pencil className={iconClasses} />}
        blockedBecause={blockedBecause}
        onSelect={() => changes.editService(id)}
      >
        {t("menu.editService")}
      </MenuItem>
      <MenuItem
        icon={<ArrowDownToLine className={iconClasses} />}
        blockedBecause={blockedBecause ?? noServers}
        onSelect={() => changes.drain([id])}
      >
        {t("menu.drainAll")}
      </MenuItem>
      <MenuItem
        icon={<RotateCcw className={iconClasses} />}
        blockedBecause={blockedBecause ?? noServers}
        onSelect={() => changes.restore([id])}
      >
        {t("menu.restoreAll")}
      </MenuItem>
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
