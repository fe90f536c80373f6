"use client";
import { ChevronDown, ChevronsDownUp, ChevronsUpDown, Columns3, Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { useChanges } from "#components/changes/changes-provider";
import { useLive } from "#components/live/live-provider";
import { Menu, MenuCheckItem, MenuItem, MenuSeparator } from "#components/ui/menu";
import { useLiveState, useTableSize } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { defaultColumns, optionalColumns } from "./columns.ts";
import { type FilterName, filterNames, listFilters } from "./list-words.ts";
import { SearchField } from "./search-field.tsx";
import type { ListState } from "./use-list-state.ts";

/** What narrows the list, what it shows, and how much of it there is. */
export function ListToolbar({ list }: { list: ListState }) {
  const t = useTranslations("list");
  const changes = useChanges();
  const { editable } = useLiveState();
  const allOpen = list.settings.open === "all";
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-2 max-sm:px-3">
      <SearchField value={list.settings.search} onChange={list.setSearch} />
      <div className="flex min-w-0 items-center gap-2 max-sm:order-last max-sm:w-full max-sm:flex-wrap">
        {filterNames.map((name) => (
          <FilterMenu key={name} name={name} list={list} />
        ))}
        {list.filtered && (
          <Button variant="ghost" size="sm" onClick={list.clearFilters}>
            <X className="size-3.5" aria-hidden="true" />
            {t("clearFilters")}
          </Button>
        )}
      </div>
      <Counts />
      <div className="ml-auto flex items-center gap-2">
        <Button
          variant="ghost"
          size="icon"
          aria-label={allOpen ? t("foldAll") : t("unfoldAll")}
          title={allOpen ? t("foldAll") : t("unfoldAll")}
          onClick={() => list.setOpen(allOpen ? [] : "all")}
        >
          {allOpen ? (
            <ChevronsDownUp className="size-4" aria-hidden="true" />
          ) : (
            <ChevronsUpDown className="size-4" aria-hidden="true" />
          )}
        </Button>
        <ColumnsMenu list={list} />
        <Button
          variant="primary"
          aria-disabled={!editable}
          onClick={() => {
            if (editable) changes.addService();
          }}
        >
          <Plus className="size-4" aria-hidden="true" />
          <span className="max-sm:sr-only">{t("addService")}</span>
        </Button>
      </div>
    </div>
  );
}

function FilterMenu({ name, list }: { name: FilterName; list: ListState }) {
  const t = useTranslations("list");
  const chosen: readonly string[] = list.settings[name];
  const toggle = (value: string, on: boolean) =>
    list.setFilter(name, on ? [...chosen, value] : chosen.filter((other) => other !== value));
  return (
    <Menu
      align="start"
      trigger={
        <Button className={`max-sm:px-2 ${chosen.length > 0 ? "border-accent! bg-accent-soft! text-accent!" : ""}`}>
          {t(`filters.${name}`)}
          {chosen.length > 0 && <span className="tabular-nums">{chosen.length}</span>}
          <ChevronDown className="size-3.5 opacity-70" aria-hidden="true" />
        </Button>
      }
    >
      {listFilters[name].map((value) => (
        <MenuCheckItem key={value} checked={chosen.includes(value)} onCheckedChange={(on) => toggle(value, on)}>
          {t(`filterValues.${name}.${value}` as "filterValues.state.up")}
        </MenuCheckItem>
      ))}
    </Menu>
  );
}

function ColumnsMenu({ list }: { list: ListState }) {
  const t = useTranslations("list");
  const toggle = (id: (typeof optionalColumns)[number], on: boolean) =>
    list.setColumns(on ? [...list.columns, id] : list.columns.filter((other) => other !== id));
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon" aria-label={t("chooseColumns")} title={t("chooseColumns")}>
          <Columns3 className="size-4" aria-hidden="true" />
        </Button>
      }
    >
      {optionalColumns.map((id) => (
        <MenuCheckItem key={id} checked={list.columns.includes(id)} onCheckedChange={(on) => toggle(id, on)}>
          {t(`columnHelp.${id}`)}
        </MenuCheckItem>
      ))}
      <MenuSeparator />
      <MenuItem onSelect={() => list.setColumns(defaultColumns)}>{t("usualColumns")}</MenuItem>
    </Menu>
  );
}

/** How much matched of how much. */
function Counts() {
  const t = useTranslations("list");
  const { store } = useLive();
  const summary = useTableSize();
  const matched = useSyncExternalStore(
    (listener) => store.on("window", listener),
    () => store.window()?.matchedServices ?? null,
    () => null,
  );
  const matchedServers = useSyncExternalStore(
    (listener) => store.on("window", listener),
    () => store.window()?.matchedServers ?? null,
    () => null,
  );
  if (matched === null || matchedServers === null || !summary) return null;
  return (
    <p role="status" className="px-1 text-[13px] text-muted tabular-nums max-sm:order-last">
      {t("counts", { matched, services: summary.services, servers: matchedServers })}
    </p>
  );
}
