import { familyOf } from "#domain/address";
import { serviceFamily } from "#domain/service";
import type { Check } from "../check.ts";
import { ifThere, isThere, readOptionalNumber } from "../read.ts";
import { serviceName, several, sysctlCommand } from "../words.ts";

const folder = "/proc/sys/net/ipv6";
const disabledPath = `${folder}/conf/all/disable_ipv6`;

/** Off for good with ipv6.disable=1 on the kernel's command line, or for all interfaces by sysctl. */
export const ipv6Off: Check<"ipv6-off"> = {
  id: "ipv6-off",
  reads: [folder, "/proc/cmdline", disabledPath, "table"],
  link: null,
  async run({ host, services }) {
    const cmdline = await ifThere(host.text("/proc/cmdline"), "");
    const isGone = cmdline.split(/\s+/).includes("ipv6.disable=1") || !(await isThere(host, folder));
    const isDisabled = !isGone && (await readOptionalNumber(host, disabledPath)) === 1;
    if (!isGone && !isDisabled) return { verdict: "ok", code: "IPV6_ON" };
    const needing = services().filter(
      ({ key, servers }) => serviceFamily(key) === 6 || servers.some(({ spec }) => familyOf(spec.address) === 6),
    );
    if (needing.length === 0) return { verdict: "ok", code: "IPV6_OFF" };
    const commands = isDisabled ? [sysctlCommand(disabledPath, 0)] : [];
    return {
      verdict: "error",
      code: "IPV6_OFF_IN_USE",
      params: several(needing.map(({ key }) => serviceName(key))),
      commands,
    };
  },
};
