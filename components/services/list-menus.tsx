"use client";
import { useTranslations } from "next-intl";
import { Menu, MenuCheckItem, MenuItem, MenuSeparator } from "#components/ui/menu";
import { listFilters } from "#domain/list-query";
import { defaultColumns, optionalColumns } from "./columns.ts";
import { ColumnsButton, FilterButton } from "./list-buttons.tsx";
import type { FilterName } from "./list-words.ts";
import type { ListState } from "./use-list-state.ts";

export function FilterMenu({ name, list }: { name: FilterName; list: ListState }) {
  const t = useTranslations("list");
  const chosen: readonly string[] = list.settings[name];
  const toggle = (value: string, on: boolean) =>
    list.setFilter(name, on ? [...chosen, value] : chosen.filter((other) => other !== value));
  return (
    <Menu startsOpen align="start" trigger={<FilterButton name={name} chosen={chosen.length} />}>
      {listFilters[name].map((value) => (
        <MenuCheckItem key={value} checked={chosen.includes(value)} onCheckedChange={(on) => toggle(value, on)}>
          {t(`filterValues.${name}.${value}` as "filterValues.state.up")}
        </MenuCheckItem>
      ))}
    </Menu>
  );
}

export function ColumnsMenu({ columns, setColumns }: Pick<ListState, "columns" | "setColumns">) {
  const t = useTranslations("list");
  const toggle = (id: (typeof optionalColumns)[number], on: boolean) =>
    setColumns(on ? [...columns, id] : columns.filter((other) => other !== id));
  return (
    <Menu startsOpen trigger={<ColumnsButton />}>
      {optionalColumns.map((id) => (
        <MenuCheckItem key={id} checked={columns.includes(id)} onCheckedChange={(on) => toggle(id, on)}>
          {t(`columnHelp.${id}`)}
        </MenuCheckItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => setColumns(defaultColumns)}>{t("usualColumns")}</MenuItem>
    </Menu>
  );
}
