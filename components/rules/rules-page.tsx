"use client";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { parseAsInteger, parseAsStringLiteral, useQueryStates } from "nuqs";
import * as Tabs from "radix-ui/tabs";
import { RulesDesk } from "./rules-desk.tsx";
import { useDesk } from "./use-desk.ts";

const RevisionsPanel = dynamic(
  () => import("./revisions/revisions-panel.tsx").then((module) => module.RevisionsPanel),
  { ssr: false },
);
const BootPanel = dynamic(() => import("./boot-panel.tsx").then((module) => module.BootPanel), { ssr: false });

export const rulesViews = ["text", "revisions", "boot"] as const;
export type RulesView = (typeof rulesViews)[number];

const parsers = {
  view: parseAsStringLiteral(rulesViews).withDefault("text"),
  /** a revision that is open */
  revision: parseAsInteger,
};

/** The table as ipvsadm's text: read, changed by plan, its revisions, and what is loaded at boot. */
export function RulesPage() {
  const t = useTranslations("rulesPage");
  const [{ view, revision }, setUrl] = useQueryStates(parsers, { history: "push", shallow: true });
  const desk = useDesk();
  const openRevision = (id: number | null) => void setUrl({ view: "revisions", revision: id });
  const load: typeof desk.load = (...loaded) => {
    desk.load(...loaded);
    void setUrl({ view: "text", revision: null });
  };
  return (
    <div className="mx-auto flex w-full max-w-screen-2xl flex-col gap-3 p-4 max-sm:p-3">
      <h1 className="text-lg font-semibold">{t("title")}</h1>
      <Tabs.Root
        value={view}
        onValueChange={(chosen) => {
          const next = rulesViews.find((known) => known === chosen) ?? "text";
          void setUrl({ view: next, revision: null });
        }}
        className="flex min-w-0 flex-col gap-3"
      >
        <Tabs.List aria-label={t("views")} className="flex gap-1 border-b border-line">
          {rulesViews.map((name) => (
            <Tabs.Trigger
              key={name}
              value={name}
              className="-mb-px border-b-2 border-transparent px-2.5 py-1.5 text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink"
            >
              {t(`view.${name}`)}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {/* Stays: what is typed, and how far the cursor and the undo history are, outlives a look at a revision. */}
        <Tabs.Content
          value="text"
          forceMount
          tabIndex={-1}
          className="min-w-0 outline-none data-[state=inactive]:hidden"
        >
          <RulesDesk desk={desk} onOpenRevision={openRevision} />
        </Tabs.Content>
        <Tabs.Content value="revisions" tabIndex={-1} className="min-w-0 outline-none">
          <RevisionsPanel openId={revision} onOpen={openRevision} onLoad={load} />
        </Tabs.Content>
        <Tabs.Content value="boot" tabIndex={-1} className="min-w-0 outline-none">
          <BootPanel onLoad={load} />
        </Tabs.Content>
      </Tabs.Root>
    </div>
  );
}
