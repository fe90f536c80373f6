"use client";
import { Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMay } from "#components/session/me";
import { Badge } from "#components/ui/badge";
import { Button } from "#components/ui/button";
import { factsOf, isActiveNow, isLostAtReboot, type Sysctl } from "#domain/sysctl";
import { useHostBlock } from "../../changes/use-edit-block.ts";
import { useSysctlWords } from "./use-sysctl-words.ts";

/** One sysctl: what it is at, what it means, what the kernel starts with and takes. */
export function SysctlRow({ sysctl, onEdit }: { sysctl: Sysctl; onEdit: () => void }) {
  const t = useTranslations("directorPage.sysctls");
  const words = useSysctlWords();
  const admin = useMay("admin");
  const blocked = useHostBlock();
  const { name, value, readOnly, atBoot } = sysctl;
  const usual = factsOf(name)?.usual ?? null;
  const effect = words.effect(name);
  const range = words.range(name);
  const facts = [
    usual === null ? t("usualUnknown") : t("usual", { value: words.value(name, usual) }),
    ...(range === null ? [] : [range]),
    ...(atBoot === null ? [] : [t("atBoot", { value: words.value(name, atBoot) })]),
  ];
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1 px-4 py-2.5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-mono text-[13px] font-medium">{name}</span>
          <span className="tabular-nums" data-testid={`sysctl-${name}`}>
            {value === null ? t("unreadable") : words.value(name, value)}
          </span>
          {isActiveNow(sysctl) && <Badge tone="failed">{t("active")}</Badge>}
          {isLostAtReboot(sysctl) === true && <Badge tone="changing">{t("lost")}</Badge>}
          {readOnly && <Badge>{t("readOnly")}</Badge>}
        </p>
        <p className="mt-0.5 text-[13px]">{words.meaning(name)}</p>
        {effect !== null && <p className="text-[13px] text-muted">{effect}</p>}
        <p className="mt-0.5 text-xs text-muted">{facts.join(" · ")}</p>
      </div>
      {admin && !readOnly && (
        <Button
          size="icon-sm"
          aria-label={t("edit", { name })}
          disabled={blocked !== null}
          title={blocked ?? t("edit", { name })}
          onClick={onEdit}
        >
          <Pencil className="size-3.5" aria-hidden="true" />
        </Button>
      )}
    </li>
  );
}
