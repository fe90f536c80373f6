import { familyOf } from "#domain/address";
import { type Check, type Outcome, orElse } from "../check.ts";
import { readNumber } from "../read.ts";
import { serverName, several, sysctlCommand } from "../words.ts";

const paths = { 4: "/proc/sys/net/ipv4/ip_forward", 6: "/proc/sys/net/ipv6/conf/all/forwarding" } as const;

/**
 * NAT needs the host to forward: answers of real servers come in for somebody else (ip_vs_out() sits in the FORWARD hook,
 * linux net/netfilter/ipvs/ip_vs_core.c). Tunnels and direct routing leave as the host's own packets.
 */
export const forwarding: Check<"forwarding"> = {
  id: "forwarding",
  reads: [paths[4], paths[6], "table"],
  link: null,
  async run({ host, services }) {
    const found: Outcome<"forwarding">[] = [];
    let needed = 0;
    for (const family of [4, 6] as const) {
      const servers = services().flatMap((service) =>
        service.servers
          .filter(({ spec }) => spec.forward === "nat" && familyOf(spec.address) === family)
          .map((server) => serverName(service, server)),
      );
      needed += servers.length;
      if (servers.length === 0 || (await readNumber(host, paths[family])) !== 0) continue;
      const code = family === 4 ? "FORWARDING_OFF_4" : "FORWARDING_OFF_6";
      found.push({ verdict: "error", code, params: several(servers), commands: [sysctlCommand(paths[family], 1)] });
    }
    return orElse(
      found,
      needed === 0 ? { code: "FORWARDING_NOT_NEEDED" } : { code: "FORWARDING_ON", params: { count: needed } },
    );
  },
};
