import type { Check } from "../check.ts";
import { readOptionalNumber, vsPath } from "../read.ts";
import { sysctlCommand } from "../words.ts";

const path = vsPath("conn_max");
const nearShare = 0.8;
const greatest = 2 ** 30;

/** Newer kernels than 6.12 have it. */
export const connectionLimit: Check<"connection-limit"> = {
  id: "connection-limit",
  reads: [path, "table"],
  link: "/director?view=sysctls",
  async run({ host, connections }) {
    const max = await readOptionalNumber(host, path);
    if (max === null) return { verdict: "ok", code: "CONNECTIONS_UNLIMITED" };
    const params = { connections: connections(), max };
    if (params.connections < max * nearShare) return { verdict: "ok", code: "CONNECTIONS_BELOW_LIMIT", params };
    const wanted = Math.min(greatest, Math.max(max * 2, params.connections * 2));
    return {
      verdict: "warning",
      code: "CONNECTIONS_NEAR_LIMIT",
      params,
      commands: wanted > max ? [sysctlCommand(path, wanted)] : [],
    };
  },
};
