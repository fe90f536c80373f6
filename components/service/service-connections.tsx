"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";
import type { ConnectionGroup } from "#domain/connection";
import { maxConnectionPage } from "#domain/connection-query";
import type { ServiceRecord } from "#domain/table";
import { exactText } from "#domain/units";
import {
  connectionsHref,
  filteredHref,
  type RowFilter,
  rowFilter,
  serviceConnectionsId,
  templatesHref,
} from "../connections/connection-links.ts";
import type { ReaderState } from "../connections/connection-reader.ts";
import { GroupTable } from "../connections/group-table.tsx";
import { ProgressBar } from "../connections/progress-bar.tsx";
import { ReadWhen } from "../connections/read-line.tsx";
import { ReadNotice } from "../connections/read-notice.tsx";
import type { ConnectionLook } from "../connections/use-connection-query.ts";
import { useConnectionReader } from "../connections/use-connections.ts";
import { rowName } from "../services/row-name.ts";
import { Button } from "../ui/button.tsx";

const link = "text-accent hover:underline";

/** Which connections a service has: read when somebody asks, never by itself. */
export function ServiceConnections({ record }: { record: ServiceRecord }) {
  const t = useTranslations("connections");
  const filter = rowFilter(record);
  const head = useRef<HTMLHeadingElement>(null);
  // The service is there only after the browser has looked for what the address names.
  useEffect(() => {
    if (window.location.hash === `#${serviceConnectionsId}`) head.current?.scrollIntoView();
  }, []);
  return (
    <section aria-labelledby={serviceConnectionsId} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <h2 ref={head} id={serviceConnectionsId} className="scroll-mt-16 text-base font-semibold">
          {t("service.title")}
        </h2>
        {filter && (
          <Link href={connectionsHref(record)} prefetch={false} className={`text-[13px] ${link}`}>
            {t("service.all")}
          </Link>
        )}
        {record.spec.persistence && (
          <Link href={templatesHref(record.key)} prefetch={false} className={`text-[13px] ${link}`}>
            {t("service.templates")}
          </Link>
        )}
      </div>
      {filter ? <Counted filter={filter} /> : <OfMark record={record} />}
    </section>
  );
}

function OfMark({ record }: { record: ServiceRecord }) {
  const t = useTranslations("connections");
  return (
    <div className="rounded-lg border border-line bg-surface px-4 py-3">
      <p className="max-w-3xl text-muted">{t("service.ofMark")}</p>
      <ul className="mt-2 flex flex-wrap gap-x-5 gap-y-1 tabular-nums">
        {record.servers.map((server) => (
          <li key={server.id}>
            <Link href={connectionsHref(server)} prefetch={false} className={link}>
              {rowName(server)}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Counted({ filter }: { filter: RowFilter }) {
  const t = useTranslations("connections");
  const servers = useConnectionReader();
  const states = useConnectionReader();
  const reading = [servers, states].find(({ state }) => state.busy !== "no");
  const looked = servers.state.page !== null;
  // One after the other: the director reads its table for one asking at a time.
  const look = async () => {
    await servers.reader.look(lookBy("server", filter), true);
    if (servers.reader.state().error === null) await states.reader.look(lookBy("state", filter), true);
  };
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button onClick={() => void look()} busy={reading !== undefined}>
          {looked ? t("service.lookAgain") : t("service.look")}
        </Button>
        {reading?.state.progress ? (
          <ProgressBar progress={reading.state.progress} onCancel={() => void reading.reader.cancel()} />
        ) : (
          <p role="status" className="min-w-0 text-[13px] text-muted tabular-nums">
            {servers.state.page ? <ReadWhen read={servers.state.page.read} /> : t("service.help")}
          </p>
        )}
      </div>
      <ReadNotice {...servers} />
      <ReadNotice {...states} />
      {servers.state.page?.read.matched === 0 && servers.state.page.read.state === "complete" ? (
        <p className="rounded-lg border border-line bg-surface px-4 py-3">{t("service.none")}</p>
      ) : (
        <div className="grid grid-cols-2 items-start gap-3 max-lg:grid-cols-1">
          <Groups by="server" state={servers.state} filter={filter} />
          <Groups by="state" state={states.state} filter={filter} />
        </div>
      )}
    </>
  );
}

function Groups({ by, state, filter }: { by: "server" | "state"; state: ReaderState; filter: RowFilter }) {
  const t = useTranslations("connections");
  const groups = state.page?.groups;
  if (!groups || groups.by !== by || !state.page) return null;
  const name = ({ name: value }: ConnectionGroup) => (
    <Link href={filteredHref({ ...filter, [by]: value })} prefetch={false} className={link}>
      {value}
    </Link>
  );
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <GroupTable
        label={t(by === "server" ? "service.byServer" : "service.byState")}
        by={by}
        counted={t("connections")}
        groups={groups.groups}
        matched={state.page.read.matched}
        name={name}
      />
      {groups.groups.length < groups.total && (
        <p className="text-[13px] text-muted tabular-nums">
          {t("service.more", { shown: exactText(groups.groups.length), total: exactText(groups.total) })}
        </p>
      )}
    </div>
  );
}

/** Nothing but counts: no row is asked for. Groups are, as many as there can be: the server that is drained has the fewest. */
function lookBy(group: "server" | "state", { protocol, ...patterns }: RowFilter): ConnectionLook {
  return {
    filter: { ...patterns, ...(protocol ? { protocol: [protocol] } : {}) },
    ...{ group, sort: null, descending: false, offset: 0, limit: 0, groupOffset: 0, groupLimit: maxConnectionPage },
  };
}
