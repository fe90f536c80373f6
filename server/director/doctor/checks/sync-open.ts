import type { Check } from "../check.ts";
import { printable } from "../words.ts";

/** No command mends the protocol: the segment has to be one where nobody else can send. */
export const syncOpen: Check<"sync-open"> = {
  id: "sync-open",
  reads: ["daemons"],
  link: "/director?view=sync",
  run({ daemons }) {
    if (daemons().length === 0) return { verdict: "ok", code: "SYNC_NONE" };
    const backup = daemons().find(({ role }) => role === "backup");
    if (!backup) return { verdict: "ok", code: "SYNC_NOT_LISTENING" };
    // A port is no number to be grouped in thousands.
    const params = { group: backup.group, port: String(backup.port), interface: printable(backup.interface) };
    return { verdict: "notice", code: "SYNC_UNAUTHENTICATED", params };
  },
};
