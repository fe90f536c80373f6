import { familyOf } from "#domain/address";
import type { ServiceRecord } from "#domain/table";
import { type Check, type Outcome, orElse } from "../check.ts";
import { readOptionalNumber } from "../read.ts";
import { type Routes, readRoutes } from "../routes.ts";
import { serviceName, several, sysctlCommand } from "../words.ts";

const path = (name: string) => `/proc/sys/net/ipv4/conf/${name}/send_redirects`;

/** Redirects are sent when `all` or the interface has them on (IN_DEV_TX_REDIRECTS, linux include/linux/inetdevice.h). */
export const redirects: Check<"redirects"> = {
  id: "redirects",
  reads: [path("all"), path("IF"), "/proc/net/route", "table"],
  link: null,
  async run({ host, services }) {
    const routes = await readRoutes(host);
    const oneArmed = new Map<string, ServiceRecord[]>();
    for (const service of services()) {
      const device = oneArmOf(service, routes);
      if (device !== null) oneArmed.set(device, [...(oneArmed.get(device) ?? []), service]);
    }
    if (oneArmed.size === 0) return { verdict: "ok", code: "REDIRECTS_NOT_NEEDED" };
    const all = await readOptionalNumber(host, path("all"));
    const found: Outcome<"redirects">[] = [];
    for (const [device, those] of oneArmed) {
      const own = await readOptionalNumber(host, path(device));
      if (all !== 1 && own !== 1) continue;
      const commands = [...(all === 1 ? ["all"] : []), ...(own === 1 ? [device] : [])].map((name) =>
        sysctlCommand(path(name), 0),
      );
      const params = { interface: device, ...several(those.map(({ key }) => serviceName(key))) };
      found.push({ verdict: "warning", code: "REDIRECTS_ONE_ARM", params, commands });
    }
    return orElse(found, { code: "REDIRECTS_OFF", params: { interfaces: [...oneArmed.keys()].join(", ") } });
  },
};

/** The interface of the network that both the service's address and a server with NAT are in; null when there is none. */
function oneArmOf({ key, servers }: ServiceRecord, routes: Routes): string | null {
  if (key.kind !== "address" || familyOf(key.address) === 6) return null;
  const network = routes.to(key.address);
  if (!network || network.isVia) return null;
  const isInside = servers.some(({ spec }) => spec.forward === "nat" && routes.to(spec.address) === network);
  return isInside ? network.device : null;
}
