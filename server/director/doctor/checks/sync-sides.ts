import type { SyncDaemon } from "#domain/sync-daemon";
import type { Check } from "../check.ts";
import { restartDaemonCommands, startDaemonCommand } from "../ipvsadm-commands.ts";

const fields = ["syncId", "group", "port"] as const;
const fieldNames = { syncId: "syncid", group: "mcast-group", port: "mcast-port", maxLength: "sync-maxlen" } as const;

/** Both directors of a pair are usually set alike, so what differs between the two daemons of one differs between the two hosts. */
export const syncSides: Check<"sync-sides"> = {
  id: "sync-sides",
  reads: ["daemons"],
  link: "/director?view=sync",
  run({ daemons }) {
    const [one, other] = daemons();
    if (!one) return { verdict: "ok", code: "SYNC_NONE" };
    if (!other) {
      const role = one.role === "master" ? "backup" : "master";
      return {
        verdict: "notice",
        code: "SYNC_ONE_SIDE",
        params: { role: one.role },
        commands: [startDaemonCommand({ ...one, role })],
      };
    }
    const [master, backup] = one.role === "master" ? [one, other] : [other, one];
    const differing = differences(master, backup);
    if (differing.length === 0) return { verdict: "ok", code: "SYNC_SIDES_AGREE" };
    const commands = restartDaemonCommands({ ...master, role: "backup" });
    return { verdict: "warning", code: "SYNC_SIDES_DIFFER", params: { fields: differing.join(", ") }, commands };
  },
};

/** Sync ID 0 takes all; a backup whose buffer is shorter than a message loses it. */
function differences(master: SyncDaemon, backup: SyncDaemon): string[] {
  const names: string[] = fields
    .filter((field) => master[field] !== backup[field] && !(field === "syncId" && backup.syncId === 0))
    .map((field) => fieldNames[field]);
  return backup.maxLength < master.maxLength ? [...names, fieldNames.maxLength] : names;
}
