"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { useErrorText } from "#components/words";
import { errorShapeOf } from "../changes/error-shape.ts";
import type { ConnectionReader, ReaderState } from "./connection-reader.ts";
import { soFar } from "./progress-bar.tsx";

/** What a read waits for, or what went wrong with it; nothing while it is under way, and when it is whole. */
export function ReadNotice({ reader, state }: { reader: ConnectionReader; state: ReaderState }) {
  const t = useTranslations("connections");
  const errorText = useErrorText();
  const read = state.page?.read;
  if (state.busy === "reading") return null;
  if (state.error !== null) {
    return (
      <div className="flex flex-wrap items-center gap-2">
        <Alert>
          {t("notRead")} {errorText(errorShapeOf(state.error))}
        </Alert>
        <Button onClick={() => void reader.refresh()}>{t("tryAgain")}</Button>
      </div>
    );
  }
  if (read?.state === "paused") {
    return (
      <Notice words={t("paused", soFar(read))}>
        <Button variant="primary" size="sm" onClick={() => void reader.goOn()}>
          {t("goOn")}
        </Button>
      </Notice>
    );
  }
  if (read?.state === "cancelled") {
    return (
      <Notice words={t("cancelled", soFar(read))}>
        <Button size="sm" onClick={() => void reader.refresh()}>
          {t("readAgain")}
        </Button>
      </Notice>
    );
  }
  return null;
}

function Notice({ words, children }: { words: string; children: ReactNode }) {
  return (
    <div
      role="status"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-md bg-changing-soft px-3 py-2 text-changing tabular-nums"
    >
      <span className="min-w-0">{words}</span>
      {children}
    </div>
  );
}
