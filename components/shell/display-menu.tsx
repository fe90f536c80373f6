"use client";
import { SunMoon } from "lucide-react";
import { useTranslations } from "next-intl";
import { Menu, MenuLabel, MenuRadioGroup, MenuSeparator } from "#components/ui/menu";
import { trafficUnits } from "#domain/units";
import { Button } from "../ui/button.tsx";
import { setTrafficUnit, useTrafficUnit } from "../units/traffic-unit.ts";
import { setTheme, themes, useTheme } from "./theme.ts";

/** How this browser shows things: dark or light, bits or bytes. */
export function DisplayMenu() {
  const t = useTranslations("shell");
  const units = useTranslations("units");
  const theme = useTheme();
  const unit = useTrafficUnit();
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon" aria-label={t("display")} title={t("display")}>
          <SunMoon className="size-4" aria-hidden="true" />
        </Button>
      }
    >
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
