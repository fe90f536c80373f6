"use client";
import { Cable } from "lucide-react";
import { useTranslations } from "next-intl";
import { ServerMenuItems, ServiceMenuItems } from "#components/changes/row-menu-items";
import { Menu, MenuLink, MenuSeparator } from "#components/ui/menu";
import type { DescribedRow } from "#domain/live";
import { connectionsHref } from "../connections/connection-links.ts";
import { Dots } from "./row-menu-button.tsx";

/** A row's menu, open as soon as it is there. */
export function RowMenu({ described, name }: { described: DescribedRow; name: string }) {
  const t = useTranslations("change");
  const { row, drainedWeight, servers = 0 } = described;
  return (
    <Menu startsOpen trigger={<Dots name={name} />}>
      <MenuLink href={connectionsHref(row)} icon={<Cable className="size-4 shrink-0 text-muted" />}>
        {t("menu.connections")}
      </MenuLink>
      <MenuSeparator />
      {row.kind === "service" ? (
        <ServiceMenuItems id={row.id} servers={servers} />
      ) : (
        <ServerMenuItems id={row.id} weight={row.spec.weight} drainedWeight={drainedWeight} />
      )}
    </Menu>
  );
}
