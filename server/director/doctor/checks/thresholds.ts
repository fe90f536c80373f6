import type { Check } from "../check.ts";
import { pairsOf } from "../pairs.ts";
import { serverName, servicePage, several } from "../words.ts";

/** Inactive connections alone fill half of it. */
const muchShare = 0.5;

/** ip_vs_bind_dest() holds active and inactive connections against the upper threshold (linux ip_vs_conn.c). */
export const thresholds: Check<"thresholds"> = {
  id: "thresholds",
  reads: ["table"],
  link: "/services",
  run({ services }) {
    const limited = pairsOf(services()).filter(({ server }) => server.spec.upperThreshold > 0);
    if (limited.length === 0) return { verdict: "ok", code: "THRESHOLDS_NONE" };
    const full = limited.filter(({ server: { spec, gauges } }) => gauges.inactive >= spec.upperThreshold * muchShare);
    const [first] = full;
    if (!first) return { verdict: "ok", code: "THRESHOLDS_FREE" };
    const names = full.map(({ service, server }) => {
      return `${serverName(service, server)} ${server.gauges.inactive}/${server.spec.upperThreshold}`;
    });
    return {
      verdict: "warning",
      code: "THRESHOLD_MOSTLY_INACTIVE",
      params: several(names),
      link: servicePage(first.service),
    };
  },
};
