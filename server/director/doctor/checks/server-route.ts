import { familyOf } from "#domain/address";
import { readLocalAddresses } from "../addresses.ts";
import type { Check } from "../check.ts";
import { pairsOf } from "../pairs.ts";
import { readReach4, readRoutes } from "../routes.ts";
import { serverName, several } from "../words.ts";

/** A route of any table counts: which one `ip rule` chooses for a packet depends on more than its destination. */
export const serverRoute: Check<"server-route"> = {
  id: "server-route",
  reads: ["/proc/net/fib_trie", "/proc/net/route", "/proc/net/ipv6_route", "/proc/net/if_inet6", "table"],
  link: null,
  async run({ host, services }) {
    const pairs = pairsOf(services());
    if (pairs.length === 0) return { verdict: "ok", code: "SERVERS_ROUTED", params: { count: 0 } };
    const [local, reaches4, routes] = await Promise.all([readLocalAddresses(host), readReach4(host), readRoutes(host)]);
    const reaches = (address: string) => (familyOf(address) === 4 ? reaches4(address) : routes.to(address) !== null);
    const addresses = new Set(pairs.map(({ server }) => server.spec.address));
    const lost = new Set([...addresses].filter((address) => !local.has(address) && !reaches(address)));
    const servers = pairs.filter(({ server }) => lost.has(server.spec.address));
    if (servers.length === 0) return { verdict: "ok", code: "SERVERS_ROUTED", params: { count: pairs.length } };
    const params = several(servers.map(({ service, server }) => serverName(service, server)));
    return { verdict: "error", code: "SERVER_NOT_ROUTED", params };
  },
};
