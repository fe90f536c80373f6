"use client";
import { useTranslations } from "next-intl";
import type { SortColumn } from "#domain/list-query";
import { classNames } from "../ui/class-names.ts";
import { SortButton, type SortDirection } from "../ui/table-cells.tsx";
import { type ColumnId, type drawnMetric, metaOf } from "./columns.ts";
import { cellClasses, stickyClasses } from "./list-row.tsx";

export interface ListHeadProps {
  columns: readonly ColumnId[];
  template: string;
  sort: SortColumn;
  descending: boolean;
  onSort: (column: SortColumn) => void;
  drawn: ReturnType<typeof drawnMetric>;
}

export function ListHead({ columns, template, sort, descending, onSort, drawn }: ListHeadProps) {
  const t = useTranslations("list");
  const directionOf = (column: SortColumn): SortDirection =>
    column === sort ? (descending ? "descending" : "ascending") : "none";
  return (
    <thead className="sticky top-0 z-20 block">
      <tr
        aria-rowindex={1}
        className="grid h-[30px] border-b border-line bg-sunken text-xs font-medium text-muted"
        style={{ gridTemplateColumns: template }}
      >
        {columns.map((id) => {
          const meta = metaOf(id);
          const words = id === "minute" ? t("minuteOf", { what: t(`columns.${drawn.column}`) }) : t(`columns.${id}`);
          return (
            <th
              key={id}
              scope="col"
              title={t(`columnHelp.${id}`)}
              {...(meta.sort ? { "aria-sort": directionOf(meta.sort) } : {})}
              className={classNames(
                cellClasses,
                "font-medium",
                meta.numeric && "justify-end",
                id === "name" && `${stickyClasses} bg-sunken`,
              )}
            >
              {meta.sort ? (
                <SortButton
                  direction={directionOf(meta.sort)}
                  numeric={meta.numeric === true}
                  onClick={() => meta.sort && onSort(meta.sort)}
                >
                  {words}
                </SortButton>
              ) : (
                <span className={id === "actions" ? "sr-only" : "truncate"}>{words}</span>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}
