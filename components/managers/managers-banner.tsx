"use client";
import { Lock, LockOpen } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMay } from "#components/session/me";
import { Button } from "#components/ui/button";
import { useManagerNames, useManagers } from "./managers-provider.tsx";

/** On every page while another program writes the table: which, how it was found, and the way to edit anyway. */
export function ManagersBanner() {
  const t = useTranslations("managers");
  const operator = useMay("operator");
  const namesOf = useManagerNames();
  const { managers, agreed, busy, editAnyway } = useManagers();
  const Icon = agreed ? LockOpen : Lock;
  return (
    <div role="status">
      {managers.length > 0 && (
        <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-t border-changing/40 bg-changing-soft px-4 py-1.5 max-sm:px-3">
          <p className="flex min-w-0 items-start gap-2">
            <Icon className="mt-0.5 size-4 shrink-0 text-changing" aria-hidden="true" />
            <span title={t("evidence", { evidence: managers.map(({ evidence }) => evidence).join(", ") })}>
              {t(agreed && operator ? "agreed" : "found", { names: namesOf(managers), count: managers.length })}
            </span>
          </p>
          {operator && !agreed && (
            <Button size="sm" className="ml-auto" busy={busy} onClick={editAnyway}>
              {t("editAnyway")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
