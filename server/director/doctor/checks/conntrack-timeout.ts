import type { Check } from "../check.ts";
import { readNumber, readOptionalNumber, vsPath } from "../read.ts";
import { sysctlCommand } from "../words.ts";

const trackedPath = "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established";

/** With vs/conntrack both keep an entry for each connection, each with a timer of its own. */
export const conntrackTimeout: Check<"conntrack-timeout"> = {
  id: "conntrack-timeout",
  reads: [vsPath("conntrack"), trackedPath, "timeouts"],
  link: "/director?view=table",
  async run({ host, timeouts }) {
    // A kernel without CONFIG_IP_VS_NFCT does not have the file.
    if (!(await readOptionalNumber(host, vsPath("conntrack")))) return { verdict: "ok", code: "CONNTRACK_NOT_KEPT" };
    const params = { tracked: await readNumber(host, trackedPath), kept: timeouts().tcpS };
    if (params.tracked >= params.kept) return { verdict: "ok", code: "CONNTRACK_TIMEOUT_FITS", params };
    return {
      verdict: "warning",
      code: "CONNTRACK_TIMEOUT_SHORT",
      params,
      commands: [sysctlCommand(trackedPath, params.kept)],
    };
  },
};
