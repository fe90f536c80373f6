"use client";
import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Download, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { useMay } from "#components/session/me";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Button } from "#components/ui/button";
import type { AuditFilter } from "#domain/audit";
import { AdminsOnly, NotRead } from "../people/notes.tsx";
import { AuditFilters } from "./audit-filters.tsx";
import { AuditTable } from "./audit-table.tsx";
import { type AuditFilterState, csvAddress, useAuditFilter } from "./use-audit-filter.ts";

/** Every log-in, refusal and change: who, from where, what, and what it was before. */
export function AuditPage() {
  const may = useMay("admin");
  return (
    <div className="mx-auto flex w-full max-w-7xl flex-col gap-3 p-4 max-sm:p-3">
      {may ? (
        <Lines />
      ) : (
        <>
          <Head />
          <AdminsOnly>{null}</AdminsOnly>
        </>
      )}
    </div>
  );
}

function Head({ children }: { children?: ReactNode }) {
  const t = useTranslations("audit");
  return (
    <header className="flex min-h-8 flex-wrap items-center gap-2">
      <h1 className="mr-auto text-lg font-semibold">{t("title")}</h1>
      {children}
    </header>
  );
}

const typingMs = 300;
const linesAtOnce = 100;

/** A value once it has stood still, so that not every letter asks the server. */
function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), typingMs);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

/** The lines that fit, newest first, page by page towards the past. */
function useLines(filter: AuditFilter) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  return useInfiniteQuery({
    queryKey: [...trpc.audit.page.pathKey(), filter],
    queryFn: ({ pageParam, signal }) =>
      client.audit.page.query({ ...filter, beforeId: pageParam, limit: linesAtOnce }, { signal }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.olderThanId,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

function Lines() {
  const t = useTranslations("audit");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const state = useAuditFilter();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, isPlaceholderData } = useLines(
    useSettled(state.filter),
  );
  const entries = data?.pages.flatMap((page) => page.entries);
  return (
    <>
      <Head>
        <Button
          variant="ghost"
          size="icon"
          aria-label={t("refresh")}
          title={t("refresh")}
          // From the first page anew: older pages would be read again one by one.
          onClick={() => void queries.resetQueries({ queryKey: trpc.audit.page.pathKey() })}
        >
          <RefreshCw className="size-4" aria-hidden="true" />
        </Button>
        <Button asChild>
          <a href={csvAddress(state.filter)} download>
            <Download className="size-4" aria-hidden="true" />
            {t("csv")}
          </a>
        </Button>
      </Head>
      <AuditFilters state={state} />
      {entries === undefined ? (
        <NotRead error={error} retry={() => void refetch()} />
      ) : (
        <>
          {entries.length === 0 ? <Empty state={state} /> : <AuditTable entries={entries} faint={isPlaceholderData} />}
          {error && <NotRead error={error} retry={() => void (data ? fetchNextPage() : refetch())} />}
          {entries.length > 0 &&
            (hasNextPage ? (
              <Button className="self-center" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t("older")}
              </Button>
            ) : (
              <p className="self-center text-[13px] text-muted">{t("oldest")}</p>
            ))}
        </>
      )}
    </>
  );
}

function Empty({ state }: { state: AuditFilterState }) {
  const t = useTranslations("audit");
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-line bg-surface px-4 py-10 text-center">
      <p role="status" className="font-medium">
        {state.filtered ? t("noMatch") : t("none")}
      </p>
      <p className="text-muted">{state.filtered ? t("noMatchHelp") : t("noneHelp")}</p>
      {state.filtered && <Button onClick={state.clear}>{t("clearFilters")}</Button>}
    </div>
  );
}
