import { readLocalAddresses } from "../addresses.ts";
import type { Check } from "../check.ts";
import { isPastDirector, pairsOf } from "../pairs.ts";
import { readNumber, vsPath } from "../read.ts";
import { sysctlCommand } from "../words.ts";

const path = vsPath("backup_only");

/** With backup_only a host balances nothing while its backup daemon runs, whether or not the master runs too (sysctl_backup_only(), linux include/net/ip_vs.h). */
export const loops: Check<"loops"> = {
  id: "loops",
  reads: [path, "/proc/net/fib_trie", "/proc/net/if_inet6", "table", "daemons"],
  link: "/director?view=sysctls",
  async run({ host, services, daemons }) {
    const roles = daemons().map(({ role }) => role);
    if (!roles.includes("backup")) return { verdict: "ok", code: "LOOPS_NOT_POSSIBLE" };
    const isOnly = (await readNumber(host, path)) !== 0;
    if (isOnly && roles.includes("master"))
      return { verdict: "error", code: "BACKUP_DOES_NOT_BALANCE", commands: [sysctlCommand(path, 0)] };
    if (isOnly) return { verdict: "ok", code: "LOOPS_PREVENTED" };
    const past = pairsOf(services()).filter(isPastDirector);
    if (past.length === 0) return { verdict: "ok", code: "LOOPS_NOT_POSSIBLE" };
    const own = await readLocalAddresses(host);
    const local = past.filter(({ server }) => own.has(server.spec.address)).length;
    const commands = roles.includes("master") ? [] : [sysctlCommand(path, 1)];
    return {
      verdict: local > 0 ? "warning" : "notice",
      code: "LOOPS_POSSIBLE",
      params: { count: past.length, local },
      commands,
    };
  },
};
