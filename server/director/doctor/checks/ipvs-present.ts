import type { Check } from "../check.ts";
import { isThere } from "../read.ts";

const listing = "/proc/net/ip_vs";

/** The module makes its listing in every network namespace (ip_vs_control_net_init(), linux ip_vs_ctl.c). */
export const ipvsPresent: Check<"ipvs-present"> = {
  id: "ipvs-present",
  reads: [listing, "table"],
  link: null,
  async run({ host, refusal }) {
    if (refusal === null) return { verdict: "ok", code: "IPVS_THERE" };
    return (await isThere(host, listing))
      ? { verdict: "error", code: "IPVS_REFUSES", params: { refusal } }
      : { verdict: "error", code: "IPVS_MISSING", commands: ["modprobe ip_vs"] };
  },
};
