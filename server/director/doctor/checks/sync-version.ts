import { serviceFamily } from "#domain/service";
import type { Check } from "../check.ts";
import { readNumber, vsPath } from "../read.ts";
import { sysctlCommand } from "../words.ts";

const path = vsPath("sync_version");

/** Receivers take both versions (ip_vs_process_message(), linux ip_vs_sync.c). */
export const syncVersion: Check<"sync-version"> = {
  id: "sync-version",
  reads: [path, "daemons", "table"],
  link: "/director?view=sysctls",
  async run({ host, daemons, services }) {
    if (!daemons().some(({ role }) => role === "master")) return { verdict: "ok", code: "SYNC_NONE" };
    if ((await readNumber(host, path)) !== 0) return { verdict: "ok", code: "SYNC_VERSION_NEW" };
    const ipv6 = services().filter(({ key }) => serviceFamily(key) === 6).length;
    const verdict = ipv6 > 0 ? "warning" : "notice";
    return { verdict, code: "SYNC_VERSION_OLD", params: { ipv6 }, commands: [sysctlCommand(path, 1)] };
  },
};
