"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FolderOpen, RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { lazy, useRef } from "react";
import { useTRPC } from "#components/trpc";
import { Badge } from "#components/ui/badge";
import { Button } from "#components/ui/button";
import { LazyMenu } from "#components/ui/lazy-menu";
import { toast } from "#components/ui/toaster";
import { useInBrowser, useMomentText } from "#components/units/moment";
import { errorShapeOf } from "../changes/error-shape.ts";
import { useRefusalText } from "../changes/use-refusal-text.ts";
import { DownloadButton } from "./download-button.tsx";
import { ruleFileName, saveFile } from "./save-file.ts";
import type { Desk } from "./use-desk.ts";

const DownloadMenu = lazy(() => import("./download-menu.tsx").then((module) => ({ default: module.DownloadMenu })));

/** Where the text in the editor came from, and the ways to bring another or to take it away. */
export function DeskToolbar({ desk, onFile }: { desk: Desk; onFile: (file: File | undefined) => void }) {
  const t = useTranslations("rulesPage");
  const trpc = useTRPC();
  const queries = useQueryClient();
  const refusalText = useRefusalText();
  const { data: status } = useQuery(trpc.director.status.queryOptions(undefined, { staleTime: 60_000 }));
  const files = useRef<HTMLInputElement>(null);
  const host = status?.host ?? "";

  const saveText = () => saveFile(ruleFileName(host, Date.now(), desk.edited ? "edited" : ""), desk.doc.read());
  async function saveTable() {
    try {
      const { text } = await queries.fetchQuery(trpc.rules.text.queryOptions(undefined, { staleTime: 0 }));
      saveFile(ruleFileName(host, Date.now()), text);
    } catch (thrown) {
      toast("error", t("notDownloaded"), { description: refusalText(errorShapeOf(thrown)) });
    }
  }

  return (
    <div className="flex min-h-8 flex-wrap items-center gap-2">
      <p className="mr-auto flex min-w-0 flex-wrap items-center gap-x-2 text-[13px]">
        <span className="min-w-0 break-words">
          <OriginText desk={desk} />
        </span>
        {desk.edited && <Badge tone="accent">{t("edited")}</Badge>}
      </p>
      <Button size="sm" busy={desk.reading} onClick={() => void desk.loadTable()}>
        <RefreshCw className="size-3.5" aria-hidden="true" />
        {t("readTable")}
      </Button>
      <Button size="sm" onClick={() => files.current?.click()}>
        <FolderOpen className="size-3.5" aria-hidden="true" />
        {t("openFile")}
      </Button>
      <input
        ref={files}
        type="file"
        aria-label={t("openFile")}
        tabIndex={-1}
        className="hidden"
        onChange={(event) => {
          onFile(event.target.files?.[0]);
          // The same file, mended meanwhile, can be opened again.
          event.target.value = "";
        }}
      />
      <LazyMenu
        trigger={<DownloadButton />}
        menu={<DownloadMenu onText={saveText} onTable={() => void saveTable()} />}
      />
    </div>
  );
}

function OriginText({ desk: { origin } }: { desk: Desk }) {
  const t = useTranslations("rulesPage.origin");
  const moment = useMomentText(true);
  const inBrowser = useInBrowser();
  if (!inBrowser || origin.kind === "nothing") return t("nothing");
  if (origin.kind === "table") return t("table", { time: moment(origin.atMs) });
  if (origin.kind === "file") return t("file", { name: origin.name });
  if (origin.kind === "revision") return t(`revision-${origin.side}`, { id: String(origin.id) });
  return t("boot");
}
