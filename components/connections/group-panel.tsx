"use client";
import { useTranslations } from "next-intl";
import type { ConnectionGroups } from "#domain/connection";
import { type ConnectionGrouping, type ConnectionKind, connectionProtocols } from "#domain/connection-query";
import { exactText } from "#domain/units";
import { GroupTable } from "./group-table.tsx";
import { Pager } from "./pager.tsx";
import { type ConnectionQueryState, type FilterParts, groupsOnPage } from "./use-connection-query.ts";

/** What the rows have in common, the most frequent first; a click leaves those rows alone, another takes that back. */
export function GroupPanel({
  groups,
  kind,
  matched,
  offset,
  query,
}: {
  groups: ConnectionGroups;
  /** what is counted */
  kind: ConnectionKind;
  matched: number;
  /** of the first group that is shown */
  offset: number;
  query: ConnectionQueryState;
}) {
  const t = useTranslations("connections");
  const { by, total, others } = groups;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <GroupTable
        label={t("groups")}
        by={by}
        counted={t(kind === "templates" ? "templates" : "connections")}
        groups={groups.groups}
        matched={matched}
        isChosen={({ name }) => isChosen(filterOf(by, name), query)}
        name={({ name }) => <GroupName name={name} filter={filterOf(by, name)} query={query} />}
      />
      {others > 0 && <p className="text-[13px] text-muted">{t("otherGroups", { rows: exactText(others) })}</p>}
      <Pager label={t("groupPages")} offset={offset} size={groupsOnPage} total={total} onPage={query.goToGroups} />
    </div>
  );
}

function GroupName({ name, filter, query }: { name: string; filter: FilterParts | null; query: ConnectionQueryState }) {
  const t = useTranslations("connections");
  const words = filter?.protocol ? name.toUpperCase() : name;
  if (!filter) return words;
  const chosen = isChosen(filter, query);
  return (
    <button
      type="button"
      aria-pressed={chosen}
      title={chosen ? t("notOnlyThese") : t("onlyThese")}
      className="-mx-1 rounded px-1 text-left text-accent hover:underline"
      onClick={() => query.setFilter(chosen ? nothingOf(filter) : filter, true)}
    >
      {words}
    </button>
  );
}

/** The filter that only rows of a group pass; null where there is none: a protocol that nobody knows by name. */
export function filterOf(by: ConnectionGrouping, name: string): FilterParts | null {
  if (by === "state") return { state: [name] };
  if (by === "protocol") {
    const protocol = connectionProtocols.find((known) => known === name);
    return protocol ? { protocol: [protocol] } : null;
  }
  return { [by === "client-net" ? "client" : by]: name };
}

function isChosen(filter: FilterParts | null, query: ConnectionQueryState): boolean {
  if (!filter) return false;
  const now = { ...query.patterns, state: query.state, protocol: query.protocol };
  return Object.entries(filter).every(([name, value]) => String(now[name as keyof typeof now]) === String(value));
}

const nothingOf = (filter: FilterParts): FilterParts =>
  Object.fromEntries(Object.keys(filter).map((name) => [name, null]));
