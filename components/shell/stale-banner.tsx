"use client";
import { RefreshCw, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useLive } from "#components/live/live-provider";
import { useErrorText } from "#components/words";
import { useAge, useLiveState, useNow } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { useUnits } from "../units/use-units.ts";

/**
 * What is lost, how old what is shown is, and when the next try is due. Gone as soon as samples come again. A page that the
 * server does not understand is not loaded anew by itself: someone may be typing in it.
 */
export function StaleBanner() {
  const t = useTranslations("live");
  const state = useLiveState();
  const stale = state.kind === "stale";
  const ageMs = useAge(stale);
  const now = useNow(stale);
  const errorText = useErrorText();
  const { duration } = useUnits();
  const { connection } = useLive();
  if (state.kind !== "stale") return null;
  const retryInS = state.retryAt === null || now === null ? null : Math.ceil((state.retryAt - now) / 1000);
  const outdated = state.lost === "build";
  const what = outdated
    ? t("pageOlder")
    : state.lost === "session"
      ? t("sessionOver")
      : state.lost === "console"
        ? t("consoleLost")
        : t("directorLost", { why: errorText({ code: state.code, params: state.params }) });
  return (
    <div
      className={classNames(
        "flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-t px-4 py-1.5 max-sm:px-3",
        outdated ? "border-changing/40 bg-changing-soft" : "border-failed/40 bg-failed-soft",
      )}
    >
      <p role="alert" className="flex min-w-0 items-start gap-2">
        {outdated ? (
          <RefreshCw className="mt-0.5 size-4 shrink-0 text-changing" aria-hidden="true" />
        ) : (
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-failed" aria-hidden="true" />
        )}
        <span>
          <strong className="font-semibold">{what}</strong> {t("blocked")}
        </span>
      </p>
      {/* Counted every second: a screen reader is told once, above. */}
      <p className="text-[13px] tabular-nums" aria-hidden="true">
        {ageMs !== null && <span>{t("age", { age: duration(ageMs / 1000) })} </span>}
        {retryInS !== null && <span>{retryInS > 0 ? t("retryIn", { age: duration(retryInS) }) : t("retrying")}</span>}
      </p>
      {state.lost === "console" && (
        <Button size="sm" className="ml-auto" onClick={() => connection.retryNow()}>
          {t("retryNow")}
        </Button>
      )}
      {outdated && (
        <Button size="sm" className="ml-auto" onClick={() => location.reload()}>
          {t("reload")}
        </Button>
      )}
    </div>
  );
}
