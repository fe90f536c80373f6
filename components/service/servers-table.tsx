"use client";

import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { type SortColumn, wholeList } from "#domain/list-query";
import type { ServiceRecord } from "#domain/table";
import { BulkBar } from "../changes/bulk-bar.tsx";
import { useChanges } from "../changes/changes-provider.tsx";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { defaultColumns } from "../services/columns.ts";
import { ServiceList } from "../services/service-list.tsx";
import type { ListSettings } from "../services/use-list-state.ts";
import { useSelection } from "../services/use-selection.ts";
import { Button } from "../ui/button.tsx";

/** The service's line and those of its real servers, live, with all that can be done with them. */
export function ServersTable({ record }: { record: ServiceRecord }) {
  const t = useTranslations("service");
  const changes = useChanges();
  const mayEdit = useMayEdit();
  const selection = useSelection();
  const [order, setOrder] = useState<{ sort: SortColumn; descending: boolean }>({ sort: "name", descending: false });
  const settings = useMemo<ListSettings>(() => ({ ...wholeList, ...order }), [order]);
  const sortBy = (sort: SortColumn) =>
    setOrder((now) => ({
      sort,
      descending: now.sort === sort ? !now.descending : sort !== "name" && sort !== "scheduler",
    }));
  return (
    <section aria-labelledby="service-servers" className="flex flex-col gap-2">
      <h2 id="service-servers" className="text-base font-semibold">
        {t("servers")}
      </h2>
      {record.servers.length === 0 ? (
        <div className="flex flex-wrap items-center gap-3 rounded-lg border border-line bg-surface px-4 py-3">
          <p>{t("noServers")}</p>
          {mayEdit && <Button onClick={() => changes.addServer(record.id)}>{t("addServer")}</Button>}
        </div>
      ) : (
        <div className="relative rounded-lg border border-line bg-surface">
          <ServiceList
            className="max-h-[70vh] rounded-lg"
            settings={settings}
            service={record.id}
            shown={defaultColumns}
            onSort={sortBy}
            selection={selection}
            empty={() => null}
          />
          {selection.ids.size > 0 && (
            <div className="pointer-events-none sticky bottom-4 z-20 flex justify-center px-3 *:pointer-events-auto">
              <BulkBar ids={[...selection.ids]} onClear={selection.clear} />
            </div>
          )}
        </div>
      )}
    </section>
  );
}
