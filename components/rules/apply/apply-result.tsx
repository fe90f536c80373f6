"use client";
import { CircleCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import { Button } from "#components/ui/button";
import type { RulesApplied } from "#domain/rules-exchange";

/** What was done, and where it is kept. What waits for a confirmation is said by the banner above every page. */
export function ApplyResult({
  applied,
  onOpenRevision,
}: {
  applied: RulesApplied;
  onOpenRevision: (id: number) => void;
}) {
  const t = useTranslations("rulesPage.apply");
  const box = useRef<HTMLElement>(null);
  useEffect(() => box.current?.focus(), []);
  const { changes, revision, confirmByMs } = applied;
  return (
    <section
      ref={box}
      tabIndex={-1}
      aria-label={t("doneTitle")}
      className="flex flex-wrap items-center gap-3 rounded-lg border border-up/40 bg-up-soft px-4 py-3 outline-none"
    >
      <CircleCheck className="size-5 shrink-0 text-up" aria-hidden="true" />
      <p role="status">
        {revision === null && changes === 0 ? t("doneNothing") : t("done", { count: changes })}{" "}
        {confirmByMs !== null && t("doneWaits")}
      </p>
      {revision !== null && (
        <Button size="sm" className="ml-auto" onClick={() => onOpenRevision(revision)}>
          {t("toRevision", { id: String(revision) })}
        </Button>
      )}
    </section>
  );
}
