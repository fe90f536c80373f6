"use client";
import { memo, useRef } from "react";
import { WeightCell } from "#components/changes/weight-cell";
import type { DescribedRow } from "#domain/live";
import { useDescribed } from "../live/use-live.ts";
import { classNames } from "../ui/class-names.ts";
import { type ColumnId, type drawnMetric, metaOf } from "./columns.ts";
import { ConnectionsLink } from "./connections-link.tsx";
import type { ListWords } from "./list-words.ts";
import { type CellTexts, useLiveCells } from "./live-cells.ts";
import { NameCell, type RowActions } from "./name-cell.tsx";
import { serverOptions, serviceOptions, thresholds } from "./options-text.ts";
import { RowMenuButton } from "./row-menu-button.tsx";
import { RowSparkline } from "./row-sparkline.tsx";
import { ServerStateWord, ServiceStateWord } from "./state-word.tsx";
import type { RowLabel } from "./use-row-label.ts";

export const rowHeight = 30;
export const rowClasses = "absolute inset-x-0 top-0 grid h-[30px] border-b border-line/60 text-[13px]";
export const cellClasses = "flex min-w-0 items-center gap-1.5 px-2";
export const stickyClasses = "sticky left-0 z-10 font-normal max-lg:border-r max-lg:border-line";

/** What all rows of a list share; the same object until one of it changes. */
export interface RowLook {
  columns: readonly ColumnId[];
  template: string;
  drawn: ReturnType<typeof drawnMetric>;
  texts: CellTexts;
  t: ListWords;
  label: RowLabel;
  actions: RowActions;
  linked: boolean;
  /** there is something that can be done with selected rows */
  selectable: boolean;
}

export interface ListRowProps {
  slot: number;
  /** in the flattened list, from 0 */
  index: number;
  start: number;
  selected: boolean;
  /** are a service's servers shown? null where there is nothing to fold */
  isOpen: ((serviceId: string) => boolean) | null;
  look: RowLook;
}

/** One row. What it is renders when it is edited; its numbers are written into the cells as they come. */
export const ListRow = memo(function ListRow({ slot, index, start, selected, isOpen, look }: ListRowProps) {
  const ref = useRef<HTMLTableRowElement>(null);
  const described = useDescribed(slot);
  const row = described?.row;
  useLiveCells(ref, slot, row?.kind === "server" ? row.serviceId : null, look.texts, look.columns);
  const isService = row?.kind === "service";
  const ground = selected ? "bg-accent-soft" : isService ? "bg-surface" : "bg-canvas";
  const open = isOpen === null || !isService ? null : isOpen(row.id);
  return (
    <tr
      ref={ref}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classNames(rowClasses, ground, "group hover:bg-hover")}
      style={{ gridTemplateColumns: look.template, transform: `translateY(${start}px)` }}
    >
      {described && (
        <Cells slot={slot} described={described} selected={selected} open={open} ground={ground} look={look} />
      )}
    </tr>
  );
});

interface CellsProps {
  slot: number;
  described: DescribedRow;
  selected: boolean;
  open: boolean | null;
  ground: string;
  look: RowLook;
}

/** A row that only moves up or down the list keeps its cells as they are. */
const Cells = memo(function Cells(props: CellsProps) {
  const { slot, described, selected, open, ground, look } = props;
  const { row, drainedWeight, servers = 0, usable = 0 } = described;
  const { t, label, drawn } = look;
  const content = (id: ColumnId) => {
    switch (id) {
      case "name":
        return <NameCell described={described} selected={selected} open={open} look={look} />;
      case "state":
        return row.kind === "service" ? (
          <ServiceStateWord servers={servers} usable={usable} />
        ) : (
          <ServerStateWord slot={slot} spec={row.spec} />
        );
      case "method":
        return (
          <span className="truncate text-muted">
            {row.kind === "service" ? row.spec.scheduler : t(`forwards.${row.spec.forward}`)}
          </span>
        );
      case "weight":
        return row.kind === "server" ? (
          <WeightCell key={row.id} id={row.id} spec={row.spec} drainedWeight={drainedWeight} />
        ) : null;
      case "minute":
        return <RowSparkline slot={slot} metric={drawn.index} quantity={drawn.quantity} />;
      case "thresholds":
        return <span className="truncate tabular-nums">{row.kind === "server" && thresholds(row.spec)}</span>;
      case "options":
        return (
          <span className="truncate font-mono text-xs text-muted">
            {row.kind === "service" ? serviceOptions(row.spec) : serverOptions(row.spec)}
          </span>
        );
      case "actions":
        return look.selectable ? (
          <RowMenuButton key={row.id} described={described} name={label(row)} />
        ) : (
          <ConnectionsLink row={row} name={label(row)} t={t} />
        );
      default:
        return <span data-live={id} className="live-number truncate tabular-nums" />;
    }
  };
  return look.columns.map((id) => {
    const numeric = metaOf(id).numeric && "justify-end";
    return id === "name" ? (
      <th key={id} scope="row" className={classNames(cellClasses, stickyClasses, ground, "group-hover:bg-hover")}>
        {content(id)}
      </th>
    ) : (
      <td key={id} className={classNames(cellClasses, numeric)}>
        {content(id)}
      </td>
    );
  });
});
