"use client";
import { useTranslations } from "next-intl";
import { memo, useRef } from "react";
import { WeightCell } from "#components/changes/weight-cell";
import type { DescribedRow } from "#domain/live";
import { useDescribed } from "../live/use-live.ts";
import { classNames } from "../ui/class-names.ts";
import { type ColumnId, type drawnMetric, metaOf } from "./columns.ts";
import { useLiveCells } from "./live-cells.ts";
import { NameCell, type NameCellProps, type RowActions } from "./name-cell.tsx";
import { serverOptions, serviceOptions, thresholds } from "./options-text.ts";
import { RowMenuButton } from "./row-menu-button.tsx";
import { RowSparkline } from "./row-sparkline.tsx";
import { ServerStateWord, ServiceStateWord } from "./state-word.tsx";

export const rowHeight = 32;
export const rowClasses = "absolute inset-x-0 top-0 grid h-8 border-b border-line/60 text-[13px]";
export const cellClasses = "flex min-w-0 items-center gap-1.5 px-2";
export const stickyClasses = "sticky left-0 z-10 border-r border-line/60";

export interface ListRowProps {
  slot: number;
  /** in the flattened list, from 0 */
  index: number;
  start: number;
  columns: readonly ColumnId[];
  template: string;
  drawn: ReturnType<typeof drawnMetric>;
  selected: boolean;
  openIds: ReadonlySet<string> | "all" | null;
  actions: RowActions;
  linked: boolean;
  selection: ReadonlySet<string>;
}

/** One row. What it is renders when it is edited; its numbers are written into the cells as they come. */
export const ListRow = memo(function ListRow(
  props: Omit<ListRowProps, "selected" | "selection"> & { selected: boolean },
) {
  const { slot, index, start, columns, template, drawn, selected, openIds, actions, linked } = props;
  const ref = useRef<HTMLTableRowElement>(null);
  const described = useDescribed(slot);
  const row = described?.row;
  useLiveCells(ref, slot, row?.kind === "server" ? row.serviceId : null, columns);
  const isService = row?.kind === "service";
  const ground = selected ? "bg-accent-soft" : isService ? "bg-surface" : "bg-canvas";
  return (
    <tr
      ref={ref}
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={classNames(rowClasses, ground, "hover:bg-hover group")}
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
    >
      {columns.map((id) => (
        <Cell
          key={id}
          id={id}
          slot={slot}
          described={described}
          drawn={drawn}
          ground={ground}
          name={{
            selected,
            actions,
            linked,
            open: openIds === null ? null : openIds === "all" || openIds.has(row?.id ?? ""),
          }}
        />
      ))}
    </tr>
  );
});

interface CellProps {
  id: ColumnId;
  slot: number;
  described: DescribedRow | null;
  drawn: ListRowProps["drawn"];
  ground: string;
  name: Omit<NameCellProps, "described">;
}

function Cell({ id, slot, described, drawn, ground, name }: CellProps) {
  const meta = metaOf(id);
  if (meta.live) {
    return (
      <td className={classNames(cellClasses, "justify-end")}>
        <span data-live={id} className="live-number truncate tabular-nums" />
      </td>
    );
  }
  const Box = id === "name" ? "th" : "td";
  return (
    <Box
      {...(id === "name" ? { scope: "row" } : {})}
      className={classNames(
        cellClasses,
        meta.numeric && "justify-end",
        id === "name" && `${stickyClasses} ${ground} group-hover:bg-hover`,
      )}
    >
      {described && <CellContent id={id} slot={slot} described={described} drawn={drawn} name={name} />}
    </Box>
  );
}

function CellContent({
  id,
  slot,
  described,
  drawn,
  name,
}: Omit<CellProps, "described" | "ground"> & { described: DescribedRow }) {
  const t = useTranslations("list");
  const { row, drainedWeight } = described;
  switch (id) {
    case "name":
      return <NameCell described={described} {...name} />;
    case "state":
      return row.kind === "service" ? (
        <ServiceStateWord servers={described.servers ?? 0} usable={described.usable ?? 0} />
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
      return row.kind === "server" ? <WeightCell id={row.id} spec={row.spec} drainedWeight={drainedWeight} /> : null;
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
      return <RowMenuButton key={row.id} described={described} />;
    default:
      return null;
  }
}
