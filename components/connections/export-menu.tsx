"use client";
import { useTranslations } from "next-intl";
import { Menu, MenuFile } from "#components/ui/menu";
import { MenuButton } from "./menu-button.tsx";

/** All rows that match, as a file. Open as soon as it is there. */
export function ExportMenu({ csv, json }: { csv: string; json: string }) {
  const t = useTranslations("connections");
  return (
    <Menu startsOpen trigger={<MenuButton label={t("export")} />}>
      <MenuFile href={csv}>{t("csv")}</MenuFile>
      <MenuFile href={json}>{t("json")}</MenuFile>
    </Menu>
  );
}
