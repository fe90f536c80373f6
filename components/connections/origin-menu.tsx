"use client";
import { useTranslations } from "next-intl";
import { Menu, MenuRadioGroup } from "#components/ui/menu";
import { MenuButton } from "./menu-button.tsx";
import { originChoices } from "./use-connection-query.ts";

export interface OriginMenuProps {
  /** null: it is not asked for */
  chosen: (typeof originChoices)[number] | null;
  onChoose: (chosen: (typeof originChoices)[number] | null) => void;
}

/** Whether it is asked where connections come from, and which ones are meant. Open as soon as it is there. */
export function OriginMenu({ chosen, onChoose }: OriginMenuProps) {
  const t = useTranslations("connections");
  return (
    <Menu
      startsOpen
      align="start"
      trigger={<MenuButton size="sm" label={t("filter.origin")} chosen={chosen === null ? 0 : 1} />}
    >
      <MenuRadioGroup
        value={chosen ?? ""}
        onValueChange={(value) => onChoose(originChoices.find((origin) => origin === value) ?? null)}
        options={[
          { value: "", label: t("origin.unasked") },
          ...originChoices.map((origin) => ({ value: origin, label: t(`origin.${origin}`) })),
        ]}
      />
    </Menu>
  );
}
