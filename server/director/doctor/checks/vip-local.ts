import { addressClass, familyOf } from "#domain/address";
import { readLocalAddresses } from "../addresses.ts";
import type { Check } from "../check.ts";
import { readRoutes } from "../routes.ts";
import { mostCommands, several, shellWord } from "../words.ts";

/** IPVS sees packets in the LOCAL_IN hook: those to an address that is not the host's never get there. */
export const vipLocal: Check<"vip-local"> = {
  id: "vip-local",
  reads: ["/proc/net/fib_trie", "/proc/net/if_inet6", "/proc/net/ipv6_route", "/proc/net/route", "table", "daemons"],
  link: "/services",
  async run({ host, services, daemons }) {
    // No host has any other kind of address, which is another check's to say.
    const isOwnable = (address: string) => /^(unicast|link-local)$/.test(addressClass(address));
    const named = services().flatMap(({ key }) => (key.kind === "address" ? [key.address] : []));
    const vips = [...new Set(named)].filter(isOwnable);
    if (vips.length === 0) return { verdict: "ok", code: "VIPS_LOCAL", params: { count: 0 } };
    const local = await readLocalAddresses(host);
    const missing = vips.filter((vip) => !local.has(vip));
    if (missing.length === 0) return { verdict: "ok", code: "VIPS_LOCAL", params: { count: vips.length } };
    const routes = await readRoutes(host);
    const commands = missing.slice(0, mostCommands).map((vip) => {
      const device = routes.to(vip)?.device ?? routes.default4?.device ?? "lo";
      return `ip addr add ${vip}/${familyOf(vip) === 4 ? 32 : 128} dev ${shellWord(device)}`;
    });
    // The other half of a pair gets the addresses when it takes over.
    const roles = daemons().map(({ role }) => role);
    const standsBy = roles.includes("backup") && !roles.includes("master");
    return standsBy
      ? { verdict: "notice", code: "VIP_NOT_LOCAL_STANDBY", params: several(missing) }
      : { verdict: "error", code: "VIP_NOT_LOCAL", params: several(missing), commands };
  },
};
