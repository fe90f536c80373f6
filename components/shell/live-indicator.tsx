"use client";
import { Circle, CircleDashed, CirclePause, Pause, Play, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLiveState, usePaused } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";

/** Whether numbers move, in a word and a shape; and the button that holds them still. */
export function LiveIndicator() {
  const t = useTranslations("live");
  const { kind } = useLiveState();
  const [paused, setPaused] = usePaused();
  return (
    <div className="flex items-center gap-1">
      <span role="status" className="inline-flex items-center gap-1.5 text-[13px] whitespace-nowrap">
        {kind === "stale" ? (
          <>
            <TriangleAlert className="size-3.5 text-failed" aria-hidden="true" />
            <span className="font-medium text-failed">{t("stale")}</span>
          </>
        ) : kind === "connecting" ? (
          <>
            <CircleDashed className="size-3.5 text-changing" aria-hidden="true" />
            <span className="text-changing">{t("connecting")}</span>
          </>
        ) : paused ? (
          <>
            <CirclePause className="size-3.5 text-changing" aria-hidden="true" />
            <span className="text-changing">{t("paused")}</span>
          </>
        ) : (
          <>
            <Circle className="size-2.5 fill-up text-up" aria-hidden="true" />
            <span>{t("live")}</span>
          </>
        )}
      </span>
      <Button
        variant="ghost"
        size="icon"
        aria-label={paused ? t("play") : t("pause")}
        title={paused ? t("play") : t("pause")}
        onClick={() => setPaused(!paused)}
      >
        {paused ? <Play className="size-4" aria-hidden="true" /> : <Pause className="size-4" aria-hidden="true" />}
      </Button>
    </div>
  );
}
