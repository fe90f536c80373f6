import type { Check } from "../check.ts";
import { readNumber, readOptionalNumber, readRelease, vsPath } from "../read.ts";
import { sysctlCommand } from "../words.ts";

const path = vsPath("conn_reuse_mode");

/** Linux 5.9 schedules a reused port at once, where 1 waited for conntrack before and 0 never looked at the server's weight. */
export const portReuse: Check<"port-reuse"> = {
  id: "port-reuse",
  reads: ["/proc/sys/kernel/osrelease", path, vsPath("conntrack")],
  link: "/director?view=sysctls",
  async run({ host }) {
    const { release, major, minor } = await readRelease(host);
    const params = { mode: await readNumber(host, path), release };
    const isOld = major < 5 || (major === 5 && minor < 9);
    const isTracked = (await readOptionalNumber(host, vsPath("conntrack"))) === 1;
    if (isOld && params.mode === 1 && isTracked)
      return { verdict: "warning", code: "PORT_REUSE_SLOW", params, commands: [sysctlCommand(path, 0)] };
    if (!isOld && params.mode === 0)
      return { verdict: "warning", code: "PORT_REUSE_STICKY", params, commands: [sysctlCommand(path, 1)] };
    return { verdict: "ok", code: "PORT_REUSE_FITS", params };
  },
};
