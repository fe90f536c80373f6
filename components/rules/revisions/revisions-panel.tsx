"use client";
import { useQueryClient } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/trpc";
import { Button } from "#components/ui/button";
import type { PlanMode } from "#domain/rules/plan";
import { NotThere } from "../../changes/not-there.tsx";
import type { Origin } from "../rule-doc.ts";
import { RevisionDetail } from "./revision-detail.tsx";
import { RevisionList } from "./revision-list.tsx";
import { useRevisions } from "./use-revisions.ts";

export interface RevisionsPanelProps {
  openId: number | null;
  onOpen: (id: number | null) => void;
  /** puts a text into the editor; with a mode, its plan is shown */
  onLoad: (text: string, origin: Origin, mode?: PlanMode) => void;
}

/** Every change of the table that is remembered, and the one that is open. */
export function RevisionsPanel({ openId, onOpen, onLoad }: RevisionsPanelProps) {
  const t = useTranslations("rulesPage.revisions");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useRevisions();
  const revisions = data?.pages.flatMap((page) => page.revisions);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center gap-2">
        <p className="mr-auto min-w-0 text-[13px] text-muted">{t("help")}</p>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t("refresh")}
          title={t("refresh")}
          onClick={() => void queries.resetQueries({ queryKey: trpc.rules.revisions.pathKey() })}
        >
          <RefreshCw className="size-4" aria-hidden="true" />
        </Button>
      </div>
      {revisions === undefined ? (
        <NotThere error={error} retry={() => void refetch()} />
      ) : revisions.length === 0 ? (
        <p role="status" className="rounded-lg border border-line bg-surface px-4 py-10 text-center text-muted">
          {t("none")}
        </p>
      ) : (
        <>
          <RevisionList revisions={revisions} openId={openId} onOpen={onOpen} />
          {hasNextPage && (
            <Button className="self-center" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
              {t("older")}
            </Button>
          )}
        </>
      )}
      {openId !== null && (
        <RevisionDetail key={openId} id={openId} known={revisions ?? []} onClose={() => onOpen(null)} onLoad={onLoad} />
      )}
    </div>
  );
}
