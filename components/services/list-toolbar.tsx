"use client";
import { ChevronsDownUp, ChevronsUpDown, Plus, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, useSyncExternalStore } from "react";
import { useChanges } from "#components/changes/changes-provider";
import { useLive } from "#components/live/live-provider";
import { LazyMenu } from "#components/ui/lazy-menu";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { useLiveState, useTableSize } from "../live/use-live.ts";
import { Button } from "../ui/button.tsx";
import { ColumnsButton, FilterButton } from "./list-buttons.tsx";
import { filterNames } from "./list-words.ts";
import { SearchField } from "./search-field.tsx";
import type { ListState } from "./use-list-state.ts";

const FilterMenu = lazy(() => import("./list-menus.tsx").then((module) => ({ default: module.FilterMenu })));
const ColumnsMenu = lazy(() => import("./list-menus.tsx").then((module) => ({ default: module.ColumnsMenu })));

/** What narrows the list, what it shows, and how much of it there is. */
export function ListToolbar({ list }: { list: ListState }) {
  const t = useTranslations("list");
  const changes = useChanges();
  const mayEdit = useMayEdit();
  const { editable } = useLiveState();
  const allOpen = list.settings.open === "all" && list.settings.closed.length === 0;
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 py-2 max-sm:px-3">
      <SearchField value={list.settings.search} onChange={list.setSearch} />
      <div className="flex min-w-0 items-center gap-2 max-sm:-m-1 max-sm:order-last max-sm:w-full max-sm:overflow-x-auto max-sm:p-1">
        {filterNames.map((name) => (
          <LazyMenu
            key={name}
            trigger={<FilterButton name={name} chosen={list.settings[name].length} />}
            menu={<FilterMenu name={name} list={list} />}
          />
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
          onClick={() => list.foldAll(!allOpen)}
        >
          {allOpen ? (
            <ChevronsDownUp className="size-4" aria-hidden="true" />
          ) : (
            <ChevronsUpDown className="size-4" aria-hidden="true" />
          )}
        </Button>
        <LazyMenu
          trigger={<ColumnsButton />}
          menu={<ColumnsMenu columns={list.columns} setColumns={list.setColumns} />}
        />
        {mayEdit && (
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
        )}
      </div>
    </div>
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
  const waits = useSyncExternalStore(
    (listener) => store.on("order", listener),
    store.orderWaits,
    () => false,
  );
  if (matched === null || matchedServers === null || !summary) return null;
  return (
    <p role="status" className="px-1 text-[13px] text-muted tabular-nums max-sm:order-last">
      {t("counts", { matched, services: summary.services, servers: matchedServers })}
      {waits && <span aria-hidden="true"> · {t("orderHeld")}</span>}
    </p>
  );
}
