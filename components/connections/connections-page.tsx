"use client";
import { useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { Button } from "#components/ui/button";
import type { ConnectionPage } from "#domain/connection";
import type { ConnectionKind } from "#domain/connection-query";
import { exactText } from "#domain/units";
import { ConnectionFilters } from "./connection-filters.tsx";
import { ConnectionTable } from "./connection-table.tsx";
import { exportAddresses } from "./export-addresses.ts";
import { GroupPanel } from "./group-panel.tsx";
import { Pager } from "./pager.tsx";
import { ReadLine } from "./read-line.tsx";
import { ReadNotice } from "./read-notice.tsx";
import { useAutoRefresh } from "./use-auto-refresh.ts";
import { type ConnectionQueryState, rowsOnPage, useConnectionQuery } from "./use-connection-query.ts";
import { useConnections } from "./use-connections.ts";
import { useHostNames } from "./use-host-names.ts";

/** The director's table of connections: looked through, counted by what they have in common, taken away as a file. */
export function ConnectionsPage() {
  const t = useTranslations("connections");
  const query = useConnectionQuery();
  const { reader, state } = useConnections(query.look);
  const [everyS, setEveryS] = useState<number | null>(null);
  const { page, shown, busy } = state;
  // Nothing is on its way that would answer what is asked for now.
  const isStuck = busy === "no" && (state.error !== null || query.look === null);
  const isOther = isStuck && JSON.stringify(shown) !== JSON.stringify(query.look);
  const names = useHostNames(query.names && page ? addressesOf(page) : null, page?.read.id);
  useAutoRefresh({
    everyS: query.look === null ? null : everyS,
    tookMs: busy === "no" && page?.read.state === "complete" ? page.read.tookMs : null,
    readId: page?.read.id ?? null,
    // What another tab has just read serves here too.
    refresh: () => void reader.refresh(2000),
  });
  return (
    <div className="flex w-full flex-col gap-3 p-4 max-sm:p-3">
      <h1 className="sr-only">{t("title")}</h1>
      <ConnectionFilters query={query} />
      <ReadLine
        state={state}
        onCancel={() => void reader.cancel()}
        everyS={everyS}
        setEveryS={setEveryS}
        names={query.names}
        setNames={query.setNames}
        onRefresh={() => void reader.refresh()}
        files={query.look && exportAddresses(query.look, page?.read.id)}
      />
      <ReadNotice reader={reader} state={state} />
      {names.failed && <p className="text-[13px] text-muted">{t("noNames")}</p>}
      {page && page.read.matched > 0 && isOther && <p className="text-[13px] text-muted">{t("other")}</p>}
      {page && shown && (
        <Found
          page={page}
          kind={shown.filter.kind ?? "connections"}
          groupOffset={shown.groupOffset ?? 0}
          query={query}
          nameOf={names.nameOf}
          busy={busy !== "no"}
          isOther={isOther}
        />
      )}
    </div>
  );
}

interface FoundProps {
  page: ConnectionPage;
  /** what its rows are: another may have been asked for meanwhile */
  kind: ConnectionKind;
  groupOffset: number;
  query: ConnectionQueryState;
  nameOf: (address: string) => string | undefined;
  /** another answer is on its way */
  busy: boolean;
  /** it answers something else than what is asked for now */
  isOther: boolean;
}

function Found({ page, kind, groupOffset, query, nameOf, busy, isOther }: FoundProps) {
  const t = useTranslations("connections");
  const { read, rows, offset, groups } = page;
  if (read.matched === 0) {
    if (busy) return <Empty title={t("reading")} />;
    return isOther ? null : <Nothing query={query} whole={read.state === "complete"} />;
  }
  const pager = (
    <Pager label={t("pages")} offset={offset} size={rowsOnPage} total={read.held} onPage={query.goToPage} />
  );
  return (
    <div className={groups ? "grid grid-cols-[minmax(20rem,1fr)_minmax(0,2fr)] gap-3 max-lg:grid-cols-1" : ""}>
      {groups && <GroupPanel groups={groups} kind={kind} matched={read.matched} offset={groupOffset} query={query} />}
      <div className="flex min-w-0 flex-col gap-2">
        {read.held < read.matched && (
          <p className="text-[13px] text-muted tabular-nums">
            {t("firstOnly", { held: exactText(read.held), matched: exactText(read.matched) })}
          </p>
        )}
        {rows.length > 0 ? (
          <ConnectionTable rows={rows} kind={kind} query={query} nameOf={nameOf} faint={busy} />
        ) : (
          <Empty title={t("pastTheEnd")}>
            <Button onClick={() => query.goToPage(1)}>{t("firstPage")}</Button>
          </Empty>
        )}
        {pager}
      </div>
    </div>
  );
}

function Nothing({ query, whole }: { query: ConnectionQueryState; whole: boolean }) {
  const t = useTranslations("connections");
  if (!whole) return <Empty title={t("noneSoFar")} />;
  if (!query.filtered) return <Empty title={t(`none.${query.kind}`)} help={t(`noneHelp.${query.kind}`)} />;
  return (
    <Empty title={t(`noMatch.${query.kind}`)} help={t("noMatchHelp")}>
      <Button onClick={query.clearFilters}>{t("clearFilters")}</Button>
    </Empty>
  );
}

function Empty({ title, help, children }: { title: string; help?: string; children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-1 rounded-lg border border-line bg-surface px-4 py-14 text-center">
      <p className="text-[15px] font-semibold">{title}</p>
      {help && <p className="mb-3 max-w-md text-muted">{help}</p>}
      {children}
    </div>
  );
}

/** On the page, each once. */
function addressesOf({ rows }: ConnectionPage): string[] {
  return [...new Set(rows.flatMap(({ client, virtual, server }) => [client.address, virtual.address, server.address]))];
}
