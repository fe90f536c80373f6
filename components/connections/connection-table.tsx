"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { HeadCell, NumberCell, SortButton, Table, TextCell } from "#components/ui/table-cells";
import type { Connection, Endpoint } from "#domain/connection";
import type { ConnectionKind, ConnectionSort } from "#domain/connection-query";
import { endpoint } from "#domain/endpoint";
import { exactText } from "#domain/units";
import { useUnits } from "../units/use-units.ts";
import { markOf } from "./connection-links.ts";
import type { ConnectionQueryState, FilterParts } from "./use-connection-query.ts";

export interface ConnectionTableProps {
  rows: readonly Connection[];
  /** what they are */
  kind: ConnectionKind;
  query: ConnectionQueryState;
  /** undefined: it has none, or none is wanted */
  nameOf: (address: string) => string | undefined;
  /** they are not what was asked for last, which is on its way */
  faint: boolean;
}

/** Rows of one page: who is connected to what, through which server, in what state, for how long. */
export function ConnectionTable({ rows, kind, query, nameOf, faint }: ConnectionTableProps) {
  const t = useTranslations("connections");
  const templates = kind === "templates";
  const hasOrigin = rows.some(({ origin }) => origin);
  const hasEngine = rows.some(({ engine }) => engine);
  const head = (column: ConnectionSort, numeric = false) => {
    const direction = query.sort !== column ? "none" : query.descending ? "descending" : "ascending";
    return (
      <HeadCell aria-sort={direction} numeric={numeric} className={column === "protocol" ? "min-w-24" : ""}>
        <SortButton direction={direction} numeric={numeric} onClick={() => query.sortBy(column)}>
          {t(`column.${column}`)}
        </SortButton>
      </HeadCell>
    );
  };
  return (
    <Table label={t(`table.${kind}`)} className={faint ? "opacity-60" : ""}>
      <thead>
        <tr>
          {head("protocol")}
          {head("client")}
          {head("virtual")}
          {head("server")}
          {head("state")}
          {templates && <HeadCell numeric>{t("column.holds")}</HeadCell>}
          {head("expires", true)}
          {hasOrigin && <HeadCell>{t("column.origin")}</HeadCell>}
          {hasEngine && <HeadCell>{t("column.engine")}</HeadCell>}
        </tr>
      </thead>
      <tbody>
        {keyed(rows).map(([key, row]) => (
          <ConnectionRow key={key} row={row} query={query} nameOf={nameOf} more={{ hasOrigin, hasEngine }} />
        ))}
      </tbody>
    </Table>
  );
}

function ConnectionRow({
  row,
  query,
  nameOf,
  more,
}: Pick<ConnectionTableProps, "query" | "nameOf"> & {
  row: Connection;
  more: { hasOrigin: boolean; hasEngine: boolean };
}) {
  const t = useTranslations("connections");
  const { duration } = useUnits();
  const { protocol, client, virtual, server, state, expiresS, isTemplate, holds, engine, origin } = row;
  const mark = isTemplate ? markOf({ protocol, address: virtual.address }) : null;
  const only = (parts: FilterParts) => () => query.setFilter(parts, true);
  const place = (at: Endpoint, filter: FilterParts, words: ReactNode = endpointText(at, isTemplate)) => (
    <TextCell>
      <button
        type="button"
        title={t("onlyThese")}
        className="-mx-1 rounded px-1 tabular-nums hover:bg-hover hover:underline"
        onClick={only(filter)}
      >
        {words}
      </button>
      {nameOf(at.address) !== undefined && (
        <span className="ml-2 inline-block max-w-56 truncate align-bottom text-muted" title={nameOf(at.address)}>
          {nameOf(at.address)}
        </span>
      )}
    </TextCell>
  );
  const virtualText = endpointText(virtual, isTemplate);
  const serverText = endpointText(server, isTemplate);
  return (
    <tr className="hover:bg-hover">
      <TextCell className="text-xs font-semibold tracking-wide text-muted uppercase">{protocol}</TextCell>
      {place(client, { client: client.address })}
      {place(virtual, { virtual: virtualText }, mark === null ? virtualText : t("mark", { mark: String(mark) }))}
      {place(server, { server: serverText })}
      <TextCell className={state === "ESTABLISHED" ? "" : "text-muted"}>{state}</TextCell>
      {isTemplate && <NumberCell>{holds === null ? "" : exactText(holds)}</NumberCell>}
      <NumberCell>{duration(expiresS)}</NumberCell>
      {more.hasOrigin && <TextCell>{origin && t(`originOf.${origin}`)}</TextCell>}
      {more.hasEngine && (
        <TextCell className="max-w-64 truncate font-mono text-xs">{engine && `${engine.name} ${engine.data}`}</TextCell>
      )}
    </tr>
  );
}

/** A template's ports may be 0: any. */
function endpointText({ address, port }: Endpoint, isTemplate: boolean): string {
  return isTemplate && port === 0 ? address : endpoint(address, port);
}

/**
 * Each row under a name that no other one of the page has: rows under one name would stay on the page when others come. A table
 * that moves while it is read may list a connection twice.
 */
function keyed(rows: readonly Connection[]): [string, Connection][] {
  const times = new Map<string, number>();
  return rows.map((row) => {
    const key = keyOf(row);
    const before = times.get(key) ?? 0;
    times.set(key, before + 1);
    return [`${key} ${before}`, row];
  });
}

/** Of no other row of the table: ip_vs_conn_fill_param() takes these. Engines keep several templates for one client. */
function keyOf({ protocol, client, virtual, server, engine }: Connection): string {
  return [protocol, ...[client, virtual, server].flatMap(({ address, port }) => [address, port]), engine?.data].join(
    " ",
  );
}
