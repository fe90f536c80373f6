"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { HeadCell, NumberCell, Table, TextCell } from "#components/ui/table-cells";
import type { ConnectionGroup } from "#domain/connection";
import type { ConnectionGrouping } from "#domain/connection-query";
import { exactText } from "#domain/units";

export interface GroupTableProps {
  label: string;
  by: ConnectionGrouping;
  /** what is counted */
  counted: string;
  groups: readonly ConnectionGroup[];
  /** all rows that shares are of */
  matched: number;
  name: (group: ConnectionGroup) => ReactNode;
  isChosen?: (group: ConnectionGroup) => boolean;
}

/** How many rows each group has, and its share of all. */
export function GroupTable({ label, by, counted, groups, matched, name, isChosen }: GroupTableProps) {
  const t = useTranslations("connections");
  return (
    <Table label={label}>
      <thead>
        <tr>
          <HeadCell>{t(`group.${by}`)}</HeadCell>
          <HeadCell numeric>{counted}</HeadCell>
          <HeadCell>{t("share")}</HeadCell>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => {
          const share = matched > 0 ? group.connections / matched : 0;
          return (
            <tr key={group.name} className={isChosen?.(group) ? "bg-accent-soft" : "hover:bg-hover"}>
              <TextCell className="tabular-nums">{name(group)}</TextCell>
              <NumberCell>{exactText(group.connections)}</NumberCell>
              <TextCell className="w-1/3 min-w-28">
                <span className="flex items-center gap-2">
                  <span className="h-1.5 min-w-8 flex-1 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
                    <span className="block h-full bg-accent" style={{ width: `${100 * share}%` }} />
                  </span>
                  <span className="w-12 text-right tabular-nums">{t("percent", { percent: 100 * share })}</span>
                </span>
              </TextCell>
            </tr>
          );
        })}
      </tbody>
    </Table>
  );
}
