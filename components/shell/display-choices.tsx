"use client";
import { useTranslations } from "next-intl";
import { Menu, MenuLabel, MenuRadioGroup, MenuSeparator } from "#components/ui/menu";
import { trafficUnits } from "#domain/units";
import { setTrafficUnit, useTrafficUnit } from "../units/traffic-unit.ts";
import { DisplayButton } from "./display-menu.tsx";
import { setTheme, themes, useTheme } from "./theme.ts";

export function DisplayChoices() {
  const t = useTranslations("shell");
  const units = useTranslations("units");
  const theme = useTheme();
  const unit = useTrafficUnit();
  return (
    <Menu startsOpen trigger={<DisplayButton />}>
      <MenuLabel>{t("theme")}</MenuLabel>
      <MenuRadioGroup
        value={theme}
        onValueChange={(value) => setTheme(themes.find((known) => known === value) ?? "system")}
        options={themes.map((value) => ({ value, label: t(`themes.${value}`) }))}
      />
      <MenuSeparator />
      <MenuLabel>{units("choose")}</MenuLabel>
      <MenuRadioGroup
        value={unit}
        onValueChange={(value) => setTrafficUnit(trafficUnits.find((known) => known === value) ?? "bits")}
        options={trafficUnits.map((value) => ({ value, label: units(value) }))}
      />
    </Menu>
  );
}
