import type { Check } from "../check.ts";
import { pairsOf } from "../pairs.ts";
import { readNumber, vsPath } from "../read.ts";
import { serverName, several, sysctlCommand } from "../words.ts";

const path = vsPath("expire_quiescent_template");

/** ip_vs_check_template() asks for the weight only with the sysctl (linux ip_vs_conn.c). */
export const drainPersistent: Check<"drain-persistent"> = {
  id: "drain-persistent",
  reads: [path, "table"],
  link: "/director?view=sysctls",
  async run({ host, services }) {
    const bound = pairsOf(services()).filter(
      ({ service, server }) => service.spec.persistence && server.spec.weight === 0,
    );
    if (bound.length === 0) return { verdict: "ok", code: "DRAIN_NOT_PERSISTENT" };
    if ((await readNumber(host, path)) !== 0) return { verdict: "ok", code: "DRAINS_TAKE_EFFECT" };
    const params = several(bound.map(({ service, server }) => serverName(service, server)));
    return { verdict: "warning", code: "DRAIN_KEEPS_CLIENTS", params, commands: [sysctlCommand(path, 1)] };
  },
};
