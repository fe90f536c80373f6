"use client";

import { ArrowDownToLine, RotateCcw, Trash2, Weight, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#components/ui/button";
import { Tooltip } from "#components/ui/tooltip";
import { useChanges } from "./changes-provider.tsx";
import { useEditBlock } from "./use-edit-block.ts";

export interface BulkBarProps {
  /** the selected rows; a service stands for all its servers, save when it is removed */
  ids: readonly string[];
  onClear: () => void;
}

/** What can be done with all that is selected at once. Nothing is done before its plan is confirmed. */
export function BulkBar({ ids, onClear }: BulkBarProps) {
  const t = useTranslations("change");
  const changes = useChanges();
  const blocked = useEditBlock();
  if (ids.length === 0) return null;
  const services = ids.filter((id) => !id.includes(">")).length;
  const actions = [
    { kind: "weight", icon: Weight, start: changes.setWeight },
    { kind: "drain", icon: ArrowDownToLine, start: changes.drain },
    { kind: "restore", icon: RotateCcw, start: changes.restore },
    { kind: "remove", icon: Trash2, start: changes.remove },
  ] as const;
  return (
    <div
      role="toolbar"
      aria-label={t("bulk")}
      className="flex flex-wrap items-center gap-1.5 rounded-lg border border-line bg-raised px-2 py-1.5 shadow-lg"
    >
      <output className="px-1 text-[13px] font-medium tabular-nums">
        {t("selected", { services, servers: ids.length - services })}
      </output>
      {actions.map(({ kind, icon: Icon, start }) => (
        <Tooltip key={kind} content={blocked}>
          <Button size="sm" variant="ghost" {...(blocked ? { "aria-disabled": true } : { onClick: () => start(ids) })}>
            <Icon className={kind === "remove" ? "size-4 text-failed" : "size-4 text-muted"} aria-hidden="true" />
            {t(`bulkAction.${kind}`)}
          </Button>
        </Tooltip>
      ))}
      <Button size="icon-sm" variant="ghost" aria-label={t("clearSelection")} onClick={onClear}>
        <X className="size-4" aria-hidden="true" />
      </Button>
    </div>
  );
}
