"use client";
import { ServerMenuItems, ServiceMenuItems } from "#components/changes/row-menu-items";
import { Menu } from "#components/ui/menu";
import type { DescribedRow } from "#domain/live";
import { Dots } from "./row-menu-button.tsx";

/** A row's menu, open as soon as it is there. */
export function RowMenu({ described, name }: { described: DescribedRow; name: string }) {
  const { row, drainedWeight, servers = 0 } = described;
  return (
    <Menu startsOpen trigger={<Dots name={name} />}>
      {row.kind === "service" ? (
        <ServiceMenuItems id={row.id} servers={servers} />
      ) : (
        <ServerMenuItems id={row.id} weight={row.spec.weight} drainedWeight={drainedWeight} />
      )}
    </Menu>
  );
}
