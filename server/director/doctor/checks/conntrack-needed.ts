import type { Check } from "../check.ts";
import { readOptionalNumber, vsPath } from "../read.ts";
import { several, sysctlCommand } from "../words.ts";

/** Modules that come with rules on state or source NAT. */
const trackers = [
  "iptable_nat",
  "ip6table_nat",
  "nft_chain_nat",
  "nft_ct",
  "nft_masq",
  "xt_MASQUERADE",
  "xt_conntrack",
  "xt_state",
];

/** Without vs/conntrack the packets of IPVS connections go on untracked (ip_vs_notrack(), linux include/net/ip_vs.h). */
export const conntrackNeeded: Check<"conntrack-needed"> = {
  id: "conntrack-needed",
  reads: [vsPath("conntrack"), "/sys/module"],
  link: "/director?view=sysctls",
  async run({ host }) {
    const kept = await readOptionalNumber(host, vsPath("conntrack"));
    if (kept) return { verdict: "ok", code: "CONNTRACK_SEEN" };
    const loaded = await host.names("/sys/module");
    const found = trackers.filter((name) => loaded.includes(name));
    if (found.length === 0) return { verdict: "ok", code: "CONNTRACK_NOT_NEEDED" };
    const commands = kept === null ? [] : [sysctlCommand(vsPath("conntrack"), 1)];
    return { verdict: "notice", code: "CONNTRACK_BYPASSED", params: several(found), commands };
  },
};
