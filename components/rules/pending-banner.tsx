"use client";
import { Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useMay } from "#components/session/me";
import { Button } from "#components/ui/button";
import { useMomentText } from "#components/units/moment";
import { useUnits } from "../units/use-units.ts";
import { usePending } from "./use-pending.ts";

/** On every page while a change waits for its confirmation: who made it, how long is left, and both ways to end it. */
export function PendingBanner() {
  const t = useTranslations("pending");
  const { duration } = useUnits();
  const moment = useMomentText(true);
  const operator = useMay("operator");
  const { waiting, leftS, busy, keep, putBack } = usePending();
  return (
    <div role="status">
      {waiting && (
        <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-t border-changing/40 bg-changing-soft px-4 py-1.5 max-sm:px-3">
          <p className="flex min-w-0 items-start gap-2">
            <Undo2 className="mt-0.5 size-4 shrink-0 text-changing" aria-hidden="true" />
            <span>
              {t("what", { name: waiting.by.name || t("somebody"), time: moment(waiting.atMs) })}{" "}
              {waiting.note !== null && waiting.note !== "" && <q>{waiting.note}</q>}
            </span>
          </p>
          {/* Counted every second: a screen reader is told once, above. */}
          <p className="text-[13px] font-medium tabular-nums" aria-hidden="true">
            {leftS > 0 ? t("left", { time: duration(leftS) }) : t("now")}
          </p>
          {operator && (
            <div className="ml-auto flex flex-wrap gap-2">
              <Button size="sm" variant="primary" busy={busy} onClick={keep}>
                {t("keep")}
              </Button>
              <Button size="sm" busy={busy} onClick={putBack}>
                {t("putBack")}
              </Button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}
