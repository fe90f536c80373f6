"use client";
import { useTranslations } from "next-intl";
import { useSyncExternalStore } from "react";
import { BulkBar } from "#components/changes/bulk-bar";
import { useChanges } from "#components/changes/changes-provider";
import { useLive } from "#components/live/live-provider";
import type { ListWindow } from "#domain/live";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { Button } from "../ui/button.tsx";
import { ListToolbar } from "./list-toolbar.tsx";
import { ServiceList } from "./service-list.tsx";
import { useListState } from "./use-list-state.ts";
import { useSelection } from "./use-selection.ts";

/** All services of the director: the list, what narrows it, and what can be done with what is selected. */
export function ServicesPage() {
  const t = useTranslations("list");
  const list = useListState();
  const selection = useSelection();
  const changes = useChanges();
  const mayEdit = useMayEdit();

  const empty = (window: ListWindow) =>
    list.filtered ? (
      <Empty title={t("noMatch")} help={t("noMatchHelp")}>
        <Button onClick={list.clearFilters}>{t("clearFilters")}</Button>
      </Empty>
    ) : window.matchedServices === 0 ? (
      <Empty title={t("noServices")} help={mayEdit ? t("noServicesHelp") : t("noServicesYet")}>
        {mayEdit && (
          <Button variant="primary" onClick={changes.addService}>
            {t("addService")}
          </Button>
        )}
      </Empty>
    ) : null;

  return (
    <div className="flex h-0 min-h-96 flex-1 flex-col">
      <h1 className="sr-only">{t("title")}</h1>
      <ListToolbar list={list} />
      <div className="relative min-h-0 flex-1 border-t border-line">
        <ServiceList
          className="absolute inset-0"
          settings={list.settings}
          shown={list.columns}
          onSort={list.sortBy}
          onFold={list.fold}
          selection={selection}
          empty={empty}
        />
        <Connecting />
        {selection.ids.size > 0 && (
          <div className="pointer-events-none absolute inset-x-0 bottom-4 flex justify-center px-3 *:pointer-events-auto">
            <BulkBar ids={[...selection.ids]} onClear={selection.clear} />
          </div>
        )}
      </div>
    </div>
  );
}

/** Said until the first rows are there. */
function Connecting() {
  const t = useTranslations("list");
  const { store } = useLive();
  const waiting = useSyncExternalStore(
    (listener) => store.on("window", listener),
    () => store.window() === null,
    () => true,
  );
  if (!waiting) return null;
  return <p className="absolute inset-x-0 top-12 px-4 text-center text-muted">{t("loading")}</p>;
}

function Empty({ title, help, children }: { title: string; help: string; children: React.ReactNode }) {
  return (
    <div className="sticky left-0 flex flex-col items-center gap-1 px-4 py-14 text-center">
      <p className="text-[15px] font-semibold">{title}</p>
      <p className="mb-3 max-w-md text-muted">{help}</p>
      {children}
    </div>
  );
}
