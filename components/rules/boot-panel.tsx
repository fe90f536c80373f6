"use client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, FilePen, Save } from "lucide-react";
import dynamic from "next/dynamic";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useMay } from "#components/session/me";
import { useTRPC, useTRPCClient } from "#components/trpc";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { toast } from "#components/ui/toaster";
import { Moment } from "#components/units/moment";
import type { ErrorShape } from "#domain/errors";
import { NotThere } from "../changes/not-there.tsx";
import { useRefusalText } from "../changes/use-refusal-text.ts";
import type { RevisionsPanelProps } from "./revisions/revisions-panel.tsx";
import { ruleFileName, saveFile } from "./save-file.ts";

const DiffView = dynamic(() => import("./plan/diff-view.tsx").then((module) => module.DiffView), { ssr: false });

/** The table that the host starts with: what is kept, how far it is from the table now, and the way to keep the table now. */
export function BootPanel({ onLoad }: Pick<RevisionsPanelProps, "onLoad">) {
  const t = useTranslations("rulesPage.boot");
  const trpc = useTRPC();
  const client = useTRPCClient();
  const queries = useQueryClient();
  const call = useAskPassword();
  const admin = useMay("admin");
  const refusalText = useRefusalText();
  const boot = useQuery(trpc.rules.boot.queryOptions(undefined, { staleTime: 0 }));
  const now = useQuery(trpc.rules.text.queryOptions(undefined, { staleTime: 0 }));
  const { data: status } = useQuery(trpc.director.status.queryOptions(undefined, { staleTime: 60_000 }));
  const [saving, setSaving] = useState(false);
  const [refused, setRefused] = useState<ErrorShape | null>(null);

  async function save() {
    setRefused(null);
    setSaving(true);
    const answered = await call(() => client.rules.saveBoot.mutate(null));
    setSaving(false);
    if (!answered.ok) return setRefused(answered.refusal);
    queries.setQueryData(trpc.rules.boot.queryKey(), answered.value);
    void now.refetch();
    toast("success", t("saved"));
  }

  if (!boot.data) return <NotThere error={boot.error} retry={() => void boot.refetch()} />;
  const { savedAtMs, drift, text } = boot.data;
  const same = drift !== null && drift.added === 0 && drift.removed === 0;
  return (
    <div className="flex flex-col gap-3">
      <p className="max-w-3xl text-muted">{t("what")}</p>
      <div className="flex flex-col gap-2 rounded-lg border border-line bg-surface px-4 py-3">
        <p role="status" className="font-medium">
          {savedAtMs === null ? (
            t("none")
          ) : (
            <>
              {t("savedAt")} <Moment atMs={savedAtMs} seconds />
            </>
          )}
        </p>
        {drift && (
          <p className={same ? "text-up" : "text-changing"}>
            {same ? t("same") : t("drift", { added: drift.added, removed: drift.removed })}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-2">
          {admin && (
            <Button variant="primary" size="sm" busy={saving} disabled={same} onClick={() => void save()}>
              <Save className="size-3.5" aria-hidden="true" />
              {t("save")}
            </Button>
          )}
          {text !== null && (
            <>
              <Button size="sm" onClick={() => onLoad(text, { kind: "boot" }, "replace")}>
                <FilePen className="size-3.5" aria-hidden="true" />
                {t("toEditor")}
              </Button>
              <Button
                size="sm"
                onClick={() => saveFile(ruleFileName(status?.host ?? "", savedAtMs ?? Date.now(), "boot"), text)}
              >
                <Download className="size-3.5" aria-hidden="true" />
                {t("download")}
              </Button>
            </>
          )}
          {!admin && <p className="text-[13px] text-muted">{t("needsAdmin")}</p>}
        </div>
        {refused && <Alert>{refusalText(refused)}</Alert>}
      </div>
      {text !== null && now.data && !same && text !== now.data.text && (
        <DiffView before={text} after={now.data.text} beforeLabel={t("kept")} afterLabel={t("now")} />
      )}
    </div>
  );
}
