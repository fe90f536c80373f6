import { familyOf } from "#domain/address";
import type { ObservedServerSpec } from "#domain/real-server";
import type { Check } from "../check.ts";
import { type Pair, pairsOf } from "../pairs.ts";
import { readNumber, readOptionalNumber, vsPath } from "../read.ts";
import { readRoutes } from "../routes.ts";
import { serverName, several, shellWord } from "../words.ts";

/** What clients send by Ethernet without knowing of tunnels. */
const fullPacket = 1500;

/** __ip_vs_get_out_rt() takes the tunnel's headers from the route's MTU and tells clients with pmtu_disc (linux ip_vs_xmit.c). */
export const tunnelMtu: Check<"tunnel-mtu"> = {
  id: "tunnel-mtu",
  reads: ["/sys/class/net/IF/mtu", vsPath("pmtu_disc"), "/proc/net/route", "/proc/net/ipv6_route", "table"],
  link: "/director?view=sysctls",
  async run({ host, services }) {
    const pairs = pairsOf(services()).filter(({ server }) => server.spec.forward === "tunnel");
    if (pairs.length === 0) return { verdict: "ok", code: "TUNNELS_NONE" };
    const isTold = (await readOptionalNumber(host, vsPath("pmtu_disc"))) !== 0;
    const routes = await readRoutes(host);
    const tight: { pair: Pair; device: string; room: number; overhead: number }[] = [];
    for (const pair of isTold ? pairs : []) {
      const device = routes.to(pair.server.spec.address)?.device;
      if (device === undefined) continue;
      const overhead = overheadOf(pair.server.spec);
      const room = (await readNumber(host, `/sys/class/net/${device}/mtu`)) - overhead;
      if (room < fullPacket) tight.push({ pair, device, room, overhead });
    }
    const [worst] = tight.toSorted((one, other) => one.room - other.room);
    if (!worst) return { verdict: "ok", code: "TUNNEL_MTU_FITS", params: { count: pairs.length } };
    const wanted = new Map<string, number>();
    for (const { device, overhead } of tight)
      wanted.set(device, Math.max(wanted.get(device) ?? 0, fullPacket + overhead));
    return {
      verdict: "notice",
      code: "TUNNEL_MTU_SMALL",
      params: {
        ...several(tight.map(({ pair }) => serverName(pair.service, pair.server))),
        mtu: worst.room,
        interface: worst.device,
      },
      commands: Array.from(wanted, ([device, mtu]) => `ip link set dev ${shellWord(device)} mtu ${mtu}`),
    };
  },
};

/** Bytes that the tunnel adds: the outer IP header, then UDP and GUE with its remote checksum, or GRE with its own. */
export function overheadOf({ address, tunnel }: Pick<ObservedServerSpec, "address" | "tunnel">): number {
  const outer = familyOf(address) === 4 ? 20 : 40;
  if (tunnel?.type === "gue") return outer + 8 + 4 + (tunnel.checksum === "remote-checksum" ? 8 : 0);
  if (tunnel?.type === "gre") return outer + 4 + (tunnel.checksum === "checksum" ? 4 : 0);
  return outer;
}
