import type { Check } from "../check.ts";
import { readNumber, vsPath } from "../read.ts";
import { sysctlCommand } from "../words.ts";

/** As the kernel's own description asks for (linux Documentation/networking/ipvs-sysctl.rst, sync_persist_mode). */
export const syncPersistence: Check<"sync-persistence"> = {
  id: "sync-persistence",
  reads: [vsPath("sync_persist_mode"), vsPath("sloppy_tcp"), "daemons"],
  link: "/director?view=sysctls",
  async run({ host, daemons }) {
    const isBackup = daemons().some(({ role }) => role === "backup");
    const params = { mode: await readNumber(host, vsPath("sync_persist_mode")) };
    if (!isBackup || params.mode === 0 || (await readNumber(host, vsPath("sloppy_tcp"))) !== 0)
      return { verdict: "ok", code: "SYNC_PERSISTENCE_FITS", params };
    const commands = [sysctlCommand(vsPath("sloppy_tcp"), 1)];
    return { verdict: "warning", code: "SYNC_TEMPLATES_WITHOUT_SLOPPY", params, commands };
  },
};
