import type { Check } from "../check.ts";
import { readNumber, vsPath } from "../read.ts";
import { serviceName, several, sysctlCommand } from "../words.ts";

const path = vsPath("expire_nodest_conn");

/** One-packet services keep no connection that could be left over. */
export const deletedServers: Check<"deleted-servers"> = {
  id: "deleted-servers",
  reads: [path, "table", "timeouts"],
  link: "/director?view=sysctls",
  async run({ host, services, timeouts }) {
    if ((await readNumber(host, path)) !== 0) return { verdict: "ok", code: "DELETED_SERVERS_EXPIRE" };
    const udp = services().filter(
      ({ key, spec }) => key.kind === "address" && key.protocol === "udp" && !spec.onePacket,
    );
    if (udp.length === 0) return { verdict: "ok", code: "DELETED_SERVERS_NOT_URGENT" };
    const params = { ...several(udp.map(({ key }) => serviceName(key))), seconds: timeouts().udpS };
    return { verdict: "notice", code: "DELETED_SERVERS_BLACK_HOLE", params, commands: [sysctlCommand(path, 1)] };
  },
};
