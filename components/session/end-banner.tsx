"use client";
import { Hourglass } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "../ui/button.tsx";
import { useUnits } from "../units/use-units.ts";
import { useTimeLeft } from "./use-time-left.ts";
import { useTouch } from "./use-touch.ts";

/** Two minutes before the session ends: when, why, and what keeps it. */
export function EndBanner() {
  const t = useTranslations("session");
  const left = useTimeLeft();
  const touch = useTouch();
  const { duration } = useUnits();
  return (
    <div role="status">
      {left && left.leftMs > 0 && (
        <div className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-t border-changing/40 bg-changing-soft px-4 py-1.5 max-sm:px-3">
          <p className="flex min-w-0 items-start gap-2">
            <Hourglass className="mt-0.5 size-4 shrink-0 text-changing" aria-hidden="true" />
            <span>{t(`soon.${left.by}`)}</span>
          </p>
          {/* Counted every second: a screen reader is told once, above. */}
          <p className="text-[13px] tabular-nums" aria-hidden="true">
            {t("inTime", { time: duration(Math.ceil(left.leftMs / 1000)) })}
          </p>
          {left.by === "idle" && (
            <Button size="sm" className="ml-auto" onClick={touch}>
              {t("stay")}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
