"use client";
import { useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { useLive } from "#components/live/live-provider";
import { maxWindowRows, unfolded } from "#domain/list-query";
import type { ListQuery, ListWindow } from "#domain/live";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { useListWindow, useShown } from "../live/use-live.ts";
import {
  type ColumnId,
  columns,
  drawnMetric,
  features,
  metaOf,
  type NoRow,
  needsCounters,
  optionalColumns,
} from "./columns.ts";
import { ListHead } from "./list-head.tsx";
import { ListRow, type RowLook, rowClasses, rowHeight } from "./list-row.tsx";
import { useCellTexts } from "./live-cells.ts";
import type { RowActions } from "./name-cell.tsx";
import { useHeldOrder } from "./use-held-order.ts";
import { useKeptWindow } from "./use-kept-window.ts";
import type { ListSettings } from "./use-list-state.ts";
import { useRowLabel } from "./use-row-label.ts";
import type { Selection } from "./use-selection.ts";

/** Rows kept ready above and below those in sight. Each costs bytes every second. */
const overscan = 5;
const noRows: NoRow[] = [];

export interface ServiceListProps {
  settings: ListSettings;
  /** one service alone, always unfolded, by serviceId() */
  service?: string;
  shown: readonly ColumnId[];
  onSort: (column: ListSettings["sort"]) => void;
  onFold?: (serviceId: string, open: boolean) => void;
  selection: Selection;
  /** in place of rows, when there are none */
  empty: (window: ListWindow) => ReactNode;
  className?: string;
}

/** Services with their servers folded under them: however many there are, only those in sight exist here. */
export function ServiceList(props: ServiceListProps) {
  const { settings, service = null, shown, onSort, onFold, selection, empty, className = "" } = props;
  const t = useTranslations("list");
  const { store, past } = useLive();
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const range = useKeptWindow();

  const mayEdit = useMayEdit();
  const columnVisibility = useMemo(
    () => Object.fromEntries(optionalColumns.map((id) => [id, shown.includes(id)])),
    [shown],
  );
  const table = useTable({ features, columns, data: noRows, state: { columnVisibility } });
  const visible = table.getVisibleLeafColumns();
  const visibleText = visible.map(({ id }) => id).join(" ");
  const visibleIds = useMemo(() => visibleText.split(" ") as ColumnId[], [visibleText]);
  const template = useMemo(() => visibleIds.map((id) => metaOf(id).width).join(" "), [visibleIds]);

  const query = useMemo<ListQuery>(
    () => ({
      ...settings,
      service,
      open: service === null ? settings.open : [service],
      closed: service === null ? settings.closed : [],
      from: range.from,
      to: range.to,
    }),
    [settings, service, range.from, range.to],
  );
  const window = useListWindow(query, needsCounters(visibleIds));
  const rows = window?.totalRows ?? 0;

  const virtualizer = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan,
    scrollPaddingStart: rowHeight,
    paddingStart: 0,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const keep = range.keep;
  useEffect(() => keep(first, Math.min(last + 1, first + maxWindowRows)), [keep, first, last]);

  // Another list begins at its top.
  const listText = JSON.stringify({ ...settings, open: null, closed: null });
  const shownList = useRef(listText);
  useEffect(() => {
    if (shownList.current === listText) return;
    shownList.current = listText;
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [listText]);

  useHeldOrder(body, settings.sort, window);

  const drawn = useMemo(() => drawnMetric(settings.sort), [settings.sort]);
  useEffect(() => {
    if (!visibleIds.includes("minute")) return;
    return store.on("sample", () => past.want(() => store.window()?.slots ?? []));
  }, [past, store, visibleIds]);

  // The first servers in sight may belong to a service above: shares need its numbers.
  const firstRow = window?.slots[0] === undefined ? null : (store.row(window.slots[0])?.row ?? null);
  useShown({ follow: firstRow?.kind === "server" ? [firstRow.serviceId] : [] });

  const isOpen = useMemo(
    () => (service === null ? unfolded({ open: settings.open, closed: settings.closed }) : null),
    [service, settings.open, settings.closed],
  );
  const actions = useRowActions(window, selection, onFold);
  const texts = useCellTexts();
  const label = useRowLabel();
  const look = useMemo<RowLook>(
    () => ({
      columns: visibleIds,
      template,
      drawn,
      texts,
      t,
      label,
      actions,
      linked: service === null,
      selectable: mayEdit,
    }),
    [visibleIds, template, drawn, texts, t, label, actions, service, mayEdit],
  );

  return (
    <div ref={scroller} className={`overflow-auto overscroll-contain ${className}`}>
      <table
        aria-label={t("table")}
        aria-rowcount={rows + 1}
        aria-colcount={visibleIds.length}
        className="block min-w-max"
      >
        <ListHead
          columns={visibleIds}
          template={template}
          sort={settings.sort}
          descending={settings.descending}
          onSort={onSort}
          drawn={drawn}
        />
        <tbody ref={body} className="relative block" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const slot = window?.slots[item.index - window.from];
            if (slot === undefined) {
              return (
                <tr
                  key={`at-${item.index}`}
                  aria-rowindex={item.index + 2}
                  className={rowClasses}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  <td className="flex items-center px-4">
                    <span className="h-2 w-40 rounded bg-line" />
                    <span className="sr-only">{t("loading")}</span>
                  </td>
                </tr>
              );
            }
            const id = store.row(slot)?.row.id;
            return (
              <ListRow
                key={slot}
                slot={slot}
                index={item.index}
                start={item.start}
                selected={id !== undefined && selection.ids.has(id)}
                isOpen={isOpen}
                look={look}
              />
            );
          })}
        </tbody>
      </table>
      {window && rows === 0 && empty(window)}
    </div>
  );
}

/** The same object at every render, so that rows do not render for it. */
function useRowActions(
  window: ListWindow | null,
  selection: Selection,
  onFold: ServiceListProps["onFold"],
): RowActions {
  const { store } = useLive();
  const latest = useRef({ window, selection, onFold });
  useEffect(() => {
    latest.current = { window, selection, onFold };
  });
  return useMemo<RowActions>(
    () => ({
      select(id, ranged) {
        latest.current.selection.toggle(id, ranged, (from, to) => {
          const ids = (latest.current.window?.slots ?? []).flatMap((slot) => store.row(slot)?.row.id ?? []);
          const ends = [ids.indexOf(from), ids.indexOf(to)].sort((a, b) => a - b) as [number, number];
          return ends[0] < 0 ? null : ids.slice(ends[0], ends[1] + 1);
        });
      },
      fold(id, open) {
        latest.current.onFold?.(id, open);
      },
    }),
    [store],
  );
}
