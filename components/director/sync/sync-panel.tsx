"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMay } from "#components/session/me";
import { useTRPC } from "#components/trpc";
import { type SyncRole, syncRoles } from "#domain/sync-daemon";
import { syncWarnings } from "#domain/sync-warnings";
import { NotThere } from "../../changes/not-there.tsx";
import { Section } from "../../people/section.tsx";
import { useOneDialog } from "../../people/use-one-dialog.ts";
import { hostReadMs } from "../host-read-ms.ts";
import { DaemonCard } from "./daemon-card.tsx";
import { StartDaemonDialog } from "./start-daemon-dialog.tsx";
import { StopDaemonDialog } from "./stop-daemon-dialog.tsx";
import { SyncWarnings } from "./sync-warnings.tsx";

/** Both synchronisation daemons, what to know of them, and the dialogs that start and stop them. */
export function SyncPanel() {
  const t = useTranslations("directorPage.sync");
  const trpc = useTRPC();
  const admin = useMay("admin");
  const dialog = useOneDialog<{ kind: "start" | "stop"; role: SyncRole }>();
  const how = { staleTime: 0, refetchInterval: hostReadMs };
  const daemons = useQuery(trpc.director.daemons.queryOptions(undefined, how));
  const ground = useQuery(trpc.director.syncGround.queryOptions(undefined, how));
  const interfaces = ground.data?.interfaces ?? [];
  const closing = { onClose: dialog.close, onCloseAutoFocus: dialog.onCloseAutoFocus };
  return (
    <Section title={t("title")} help={t("help")}>
      {daemons.data ? (
        <>
          {ground.error && <NotThere error={ground.error} retry={() => void ground.refetch()} />}
          {ground.data && <SyncWarnings warnings={syncWarnings(daemons.data, interfaces, ground.data.mixed)} />}
          <div className="grid gap-3 md:grid-cols-2">
            {syncRoles.map((role) => (
              <DaemonCard
                key={role}
                role={role}
                daemon={daemons.data.find((running) => running.role === role) ?? null}
                onStart={() => dialog.open({ kind: "start", role })}
                onStop={() => dialog.open({ kind: "stop", role })}
              />
            ))}
          </div>
          {!admin && <p className="text-[13px] text-muted">{t("needsAdmin")}</p>}
        </>
      ) : (
        <NotThere error={daemons.error} retry={() => void daemons.refetch()} />
      )}
      {dialog.task?.kind === "start" && (
        <StartDaemonDialog
          key={dialog.opening}
          role={dialog.task.role}
          interfaces={interfaces}
          mixed={ground.data?.mixed ?? null}
          {...closing}
        />
      )}
      {dialog.task?.kind === "stop" && <StopDaemonDialog key={dialog.opening} role={dialog.task.role} {...closing} />}
    </Section>
  );
}
