"use client";
import { useTranslations } from "next-intl";
import { Menu, MenuItem } from "#components/ui/menu";
import { DownloadButton } from "./download-button.tsx";

/** What can be taken away as a file. */
export function DownloadMenu({ onText, onTable }: { onText: () => void; onTable: () => void }) {
  const t = useTranslations("rulesPage");
  return (
    <Menu startsOpen trigger={<DownloadButton />}>
      <MenuItem onSelect={onText}>{t("downloadText")}</MenuItem>
      <MenuItem onSelect={onTable}>{t("downloadTable")}</MenuItem>
    </Menu>
  );
}
