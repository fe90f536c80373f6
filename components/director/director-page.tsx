"use client";
import { useTranslations } from "next-intl";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import * as Tabs from "radix-ui/tabs";
import type { ReactNode } from "react";
import { DoctorPanel } from "../doctor/doctor-panel.tsx";
import { ModulesPanel } from "./modules-panel.tsx";
import { NamespaceNote } from "./namespace-note.tsx";
import { SyncPanel } from "./sync/sync-panel.tsx";
import { SysctlsPanel } from "./sysctls/sysctls-panel.tsx";
import { TablePanel } from "./table-panel.tsx";
import { TimeoutsPanel } from "./timeouts-panel.tsx";

export const directorViews = ["table", "sync", "sysctls", "modules", "doctor"] as const;

/** What stands behind each tab; only the open one is mounted, and asks for anything. */
const panels: Record<(typeof directorViews)[number], ReactNode> = {
  table: (
    <>
      <TimeoutsPanel />
      <TablePanel />
    </>
  ),
  sync: <SyncPanel />,
  sysctls: <SysctlsPanel />,
  modules: <ModulesPanel />,
  doctor: <DoctorPanel />,
};

/** The director as a whole: what belongs to no service of its own. */
export function DirectorPage() {
  const t = useTranslations("directorPage");
  const [view, setView] = useQueryState(
    "view",
    parseAsStringLiteral(directorViews).withDefault("table").withOptions({ history: "push", shallow: true }),
  );
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-3 p-4 max-sm:p-3">
      <h1 className="text-lg font-semibold">{t("title")}</h1>
      <NamespaceNote />
      <Tabs.Root
        value={view}
        onValueChange={(chosen) => void setView(directorViews.find((known) => known === chosen) ?? "table")}
        className="flex min-w-0 flex-col gap-4"
      >
        <Tabs.List aria-label={t("views")} className="flex gap-1 overflow-x-auto border-b border-line max-sm:gap-0">
          {directorViews.map((name) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="-mb-px border-b-2 border-transparent px-2.5 py-1.5 whitespace-nowrap text-muted max-sm:px-1.5 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              {t(`view.${name}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {directorViews.map((name) => (
          <Tabs.Content key={name} value={name} tabIndex={-1} className="flex min-w-0 flex-col gap-6 outline-none">
            {panels[name]}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </div>
  );
}
