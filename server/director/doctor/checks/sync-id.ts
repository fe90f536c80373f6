import type { SyncDaemon } from "#domain/sync-daemon";
import type { Check } from "../check.ts";
import { restartDaemonCommands } from "../ipvsadm-commands.ts";

/** A backup with syncid 0 takes the connections of every master on its segment (ip_vs_process_message(), linux ip_vs_sync.c). */
export const syncId: Check<"sync-id"> = {
  id: "sync-id",
  reads: ["daemons"],
  link: "/director?view=sync",
  run({ daemons }) {
    const all = daemons();
    if (all.length === 0) return { verdict: "ok", code: "SYNC_NONE" };
    const backup = all.find(({ role }) => role === "backup");
    if (backup?.syncId !== 0) return { verdict: "ok", code: "SYNC_ID_SET", params: { ids: all.map(idOf).join(", ") } };
    const master = all.find(({ role }) => role === "master");
    const commands = restartDaemonCommands({ ...backup, syncId: master?.syncId || 1 });
    return { verdict: "warning", code: "SYNC_ID_ZERO", params: { interface: backup.interface }, commands };
  },
};

const idOf = ({ role, syncId }: SyncDaemon) => `${role} ${syncId}`;
