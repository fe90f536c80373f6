import type { Check } from "../check.ts";
import { readNumber, readOptionalNumber } from "../read.ts";
import { sysctlCommand } from "../words.ts";

const countPath = "/proc/sys/net/netfilter/nf_conntrack_count";
const maxPath = "/proc/sys/net/netfilter/nf_conntrack_max";
const fillingShare = 0.8;
const fullShare = 0.95;

/** When conntrack is full the kernel drops what is new: "nf_conntrack: table full, dropping packet". */
export const conntrackTable: Check<"conntrack-table"> = {
  id: "conntrack-table",
  reads: [countPath, maxPath],
  link: null,
  async run({ host }) {
    const count = await readOptionalNumber(host, countPath);
    if (count === null) return { verdict: "ok", code: "CONNTRACK_ABSENT" };
    const max = await readNumber(host, maxPath);
    // 0 is no limit.
    const share = max > 0 ? count / max : 0;
    const params = { count, max, percent: Math.round(share * 100) };
    if (share < fillingShare) return { verdict: "ok", code: "CONNTRACK_ROOM", params };
    const commands = [sysctlCommand(maxPath, Math.max(max, count) * 2)];
    return share < fullShare
      ? { verdict: "warning", code: "CONNTRACK_FILLING", params, commands }
      : { verdict: "error", code: "CONNTRACK_FULL", params, commands };
  },
};
