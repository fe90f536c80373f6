"use client";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, type ReactNode } from "react";
import { Button } from "#components/ui/button";
import { LazyMenu } from "#components/ui/lazy-menu";
import { Select } from "#components/ui/select";
import { Switch } from "#components/ui/switch";
import type { ConnectionRead } from "#domain/connection";
import { exactText } from "#domain/units";
import { useFormatTime } from "../charts/use-format-time.ts";
import { useUnits } from "../units/use-units.ts";
import type { ReaderState } from "./connection-reader.ts";
import { MenuButton } from "./menu-button.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { refreshAfterMs, refreshChoices } from "./refresh-time.ts";

const ExportMenu = lazy(() => import("./export-menu.tsx").then((module) => ({ default: module.ExportMenu })));

export interface ReadLineProps {
  state: ReaderState;
  onCancel: () => void;
  everyS: number | null;
  setEveryS: (everyS: number | null) => void;
  names: boolean;
  setNames: (on: boolean) => void;
  onRefresh: () => void;
  /** of files with the same rows; null: what is looked for cannot be understood */
  files: { csv: string; json: string } | null;
}

/** When what is shown was read, and what can be done with it. */
export function ReadLine({ state, onCancel, everyS, setEveryS, names, setNames, onRefresh, files }: ReadLineProps) {
  const t = useTranslations("connections");
  const { duration } = useUnits();
  const tookMs = state.page?.read.tookMs ?? 0;
  const slower = everyS !== null && refreshAfterMs(everyS, tookMs) > everyS * 1000;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
      {state.progress && state.busy === "reading" ? (
        <ProgressBar progress={state.progress} onCancel={onCancel} />
      ) : (
        <p role="status" className="min-w-0 text-[13px] text-muted tabular-nums">
          <ReadWords state={state} />
          {slower && (
            <span className="block">{t("slower", { time: duration(refreshAfterMs(everyS, tookMs) / 1000) })}</span>
          )}
        </p>
      )}
      <div className="ml-auto flex flex-wrap items-center gap-x-3 gap-y-2 max-sm:ml-0">
        <Switch checked={names} onChange={({ target }) => setNames(target.checked)} className="text-[13px]">
          {t("names")}
        </Switch>
        {files && <LazyMenu trigger={<MenuButton label={t("export")} />} menu={<ExportMenu {...files} />} />}
        <span className="flex gap-1">
          <Button onClick={onRefresh} busy={state.busy === "reading"} disabled={files === null}>
            {state.busy !== "reading" && <RefreshCw className="size-4" aria-hidden="true" />}
            <span className="max-sm:sr-only">{t("refresh")}</span>
          </Button>
          <Select
            aria-label={t("autoRefresh")}
            className="w-28"
            value={everyS ?? ""}
            onChange={({ target }) =>
              setEveryS(refreshChoices.find((choice) => String(choice) === target.value) ?? null)
            }
          >
            <option value="">{t("noAutoRefresh")}</option>
            {refreshChoices.map((seconds) => (
              <option key={seconds} value={seconds}>
                {t("every", { time: duration(seconds) })}
              </option>
            ))}
          </Select>
        </span>
      </div>
    </div>
  );
}

function ReadWords({ state }: { state: ReaderState }): ReactNode {
  const t = useTranslations("connections");
  if (state.page) return <ReadWhen read={state.page.read} />;
  return state.busy === "no" ? t("nothingRead") : t("reading");
}

/** "Read at 14:03:07 in 0.4 s: 52,113 of 52,113 rows" */
export function ReadWhen({ read }: { read: ConnectionRead }) {
  const t = useTranslations("connections");
  const formatTime = useFormatTime();
  return t("readAt", {
    time: formatTime(read.readAtMs),
    seconds: (read.tookMs / 1000).toFixed(read.tookMs < 100 ? 2 : 1),
    matched: exactText(read.matched),
    rows: exactText(read.rowsRead),
  });
}
