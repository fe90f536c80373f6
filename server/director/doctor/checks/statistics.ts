import type { Check } from "../check.ts";
import { ifThere, readOptionalNumber, vsPath } from "../read.ts";
import { sysctlCommand } from "../words.ts";

/** Kernels before 6.2 have no est_cpulist, and older ones no run_estimation: they always count. */
export const statistics: Check<"statistics"> = {
  id: "statistics",
  reads: [vsPath("run_estimation"), vsPath("est_cpulist")],
  link: "/director?view=sysctls",
  async run({ host }) {
    if ((await readOptionalNumber(host, vsPath("run_estimation"))) === 0) {
      return { verdict: "warning", code: "STATISTICS_FROZEN", commands: [sysctlCommand(vsPath("run_estimation"), 1)] };
    }
    const cpus = await ifThere(host.text(vsPath("est_cpulist")), null);
    if (cpus?.trim() === "")
      return { verdict: "warning", code: "STATISTICS_NO_CPU", commands: [sysctlCommand(vsPath("est_cpulist"), 0)] };
    return { verdict: "ok", code: "STATISTICS_RUN" };
  },
};
