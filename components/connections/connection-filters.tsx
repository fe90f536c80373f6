"use client";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy } from "react";
import { Button } from "#components/ui/button";
import { Field } from "#components/ui/field";
import { LazyMenu } from "#components/ui/lazy-menu";
import { Select } from "#components/ui/select";
import { connectionGroupings, connectionKinds, connectionProtocols } from "#domain/connection-query";
import { Choice } from "../charts/choice.tsx";
import { MenuButton } from "./menu-button.tsx";
import { PatternField } from "./pattern-field.tsx";
import { offeredStates, templateStates } from "./states.ts";
import type { ConnectionQueryState, PatternName } from "./use-connection-query.ts";

const FilterMenu = lazy(() => import("./filter-menu.tsx").then((module) => ({ default: module.FilterMenu })));
const OriginMenu = lazy(() => import("./origin-menu.tsx").then((module) => ({ default: module.OriginMenu })));

/** What is looked for, and by what it is counted. */
export function ConnectionFilters({ query }: { query: ConnectionQueryState }) {
  const t = useTranslations("connections");
  const pattern = (name: PatternName) => ({
    label: t(`filter.${name}`),
    value: query.patterns[name],
    misread: query.misread.includes(name),
    onChange: (text: string) => query.setFilter({ [name]: text }),
  });
  const narrow = "w-48 max-sm:w-[calc(50%-0.25rem)]";
  const protocols = connectionProtocols.map((value) => ({ value, label: value.toUpperCase() }));
  const states = query.kind === "templates" ? templateStates : offeredStates(query.protocol, query.state);
  return (
    <search aria-label={t("filters")} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-start gap-2">
        <PatternField {...pattern("any")} placeholder={t("anyPlaceholder")} search className="w-80 max-sm:w-full" />
        <PatternField {...pattern("client")} className={narrow} />
        <PatternField {...pattern("virtual")} className={narrow} />
        <PatternField {...pattern("server")} className={narrow} />
        <Field label={t("groupBy")} className={narrow}>
          <Select
            value={query.group ?? ""}
            onChange={({ target }) => query.groupBy(connectionGroupings.find((by) => by === target.value) ?? null)}
          >
            <option value="">{t("noGroups")}</option>
            {connectionGroupings.map((by) => (
              <option key={by} value={by}>
                {t(`group.${by}`)}
              </option>
            ))}
          </Select>
        </Field>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Choice
          label={t("kind")}
          value={query.kind}
          options={connectionKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
          onChoose={query.setKind}
        />
        <LazyMenu
          trigger={<MenuButton size="sm" label={t("filter.protocol")} chosen={query.protocol.length} />}
          menu={
            <FilterMenu
              label={t("filter.protocol")}
              options={protocols}
              chosen={query.protocol}
              onChoose={(chosen) =>
                query.setFilter({ protocol: connectionProtocols.filter((known) => chosen.includes(known)) })
              }
            />
          }
        />
        <LazyMenu
          trigger={<MenuButton size="sm" label={t("filter.state")} chosen={query.state.length} />}
          menu={
            <FilterMenu
              label={t("filter.state")}
              options={states.map((value) => ({ value, label: value }))}
              chosen={query.state}
              onChoose={(state) => query.setFilter({ state })}
            />
          }
        />
        <LazyMenu
          trigger={<MenuButton size="sm" label={t("filter.origin")} chosen={query.origin === null ? 0 : 1} />}
          menu={<OriginMenu chosen={query.origin} onChoose={(origin) => query.setFilter({ origin })} />}
        />
        {query.filtered && (
          <Button variant="ghost" size="sm" onClick={query.clearFilters}>
            <X className="size-3.5" aria-hidden="true" />
            {t("clearFilters")}
          </Button>
        )}
      </div>
    </search>
  );
}
