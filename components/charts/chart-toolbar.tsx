"use client";

import { Pause, Play } from "lucide-react";
import { useTranslations } from "next-intl";
import { trafficUnits } from "#domain/units";
import { Button } from "../ui/button.tsx";
import { setTrafficUnit, useTrafficUnit } from "../units/traffic-unit.ts";
import { useChartGroup } from "./chart-group.tsx";
import { Choice } from "./choice.tsx";
import { useFormatTime } from "./use-format-time.ts";
import { chartWindowsS } from "./windows.ts";

/** Window of time, unit of traffic, and pause of a group of charts; says so when they stand still. */
export function ChartToolbar() {
  const t = useTranslations("chart");
  const tUnits = useTranslations("units");
  const { windowS, setWindowS, paused, setPaused, hovered, moment } = useChartGroup();
  const unit = useTrafficUnit();
  const formatTime = useFormatTime();
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Choice
        label={t("window")}
        value={windowS}
        onChoose={setWindowS}
        options={chartWindowsS.map((value) => ({ value, label: t(`window${value}`) }))}
      />
      <Choice
        label={tUnits("choose")}
        value={unit}
        onChoose={setTrafficUnit}
        options={trafficUnits.map((value) => ({ value, label: tUnits(value) }))}
      />
      <Button size="sm" onClick={() => setPaused(!paused)}>
        {paused ? <Play className="size-3.5" aria-hidden="true" /> : <Pause className="size-3.5" aria-hidden="true" />}
        {paused ? t("resume") : t("pause")}
      </Button>
      {(paused || hovered) && moment.sampledAtMs !== null && (
        <span className="text-xs text-muted tabular-nums">
          {t(paused ? "paused" : "held", { time: formatTime(moment.toMs) })}
        </span>
      )}
    </div>
  );
}
