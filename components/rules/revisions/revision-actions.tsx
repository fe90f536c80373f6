"use client";
import { useQuery } from "@tanstack/react-query";
import { Download, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/trpc";
import { Button } from "#components/ui/button";
import type { RevisionTexts } from "#domain/revision";
import { ruleFileName, saveFile } from "../save-file.ts";
import type { RevisionsPanelProps } from "./revisions-panel.tsx";

/** What can be done with a change: go back to the table after it or before it, by a plan that is shown first, or keep its text. */
export function RevisionActions({
  revision,
  onLoad,
}: {
  revision: RevisionTexts;
  onLoad: RevisionsPanelProps["onLoad"];
}) {
  const t = useTranslations("rulesPage.revisions");
  const trpc = useTRPC();
  const { data: status } = useQuery(trpc.director.status.queryOptions(undefined, { staleTime: 60_000 }));
  const { id, beforeText, afterText, atMs } = revision;
  const sides = [
    { side: "after", text: afterText },
    { side: "before", text: beforeText },
  ] as const;
  return (
    <div className="flex flex-wrap gap-2">
      {sides.map(
        ({ side, text }) =>
          text !== null && (
            <Button key={side} size="sm" onClick={() => onLoad(text, { kind: "revision", id, side }, "replace")}>
              <RotateCcw className="size-3.5" aria-hidden="true" />
              {t(`revert.${side}`)}
            </Button>
          ),
      )}
      {afterText !== null && (
        <Button size="sm" onClick={() => saveFile(ruleFileName(status?.host ?? "", atMs, `revision-${id}`), afterText)}>
          <Download className="size-3.5" aria-hidden="true" />
          {t("download")}
        </Button>
      )}
      {afterText === null && beforeText === null && <p className="text-muted">{t("textGone")}</p>}
    </div>
  );
}
