import type { Check } from "../check.ts";
import { isPastDirector, pairsOf } from "../pairs.ts";
import { serverName, servicePage, several } from "../words.ts";

/** ip_vs_dr_xmit() and ip_vs_tunnel_xmit() never touch the packet's port (linux ip_vs_xmit.c). ipvsadm cannot name such a server. */
export const directPort: Check<"direct-port"> = {
  id: "direct-port",
  reads: ["table"],
  link: "/services",
  run({ services }) {
    const odd = pairsOf(services()).filter((pair) => {
      const { key } = pair.service;
      return key.kind === "address" && isPastDirector(pair) && pair.server.spec.port !== key.port;
    });
    const [first] = odd;
    if (!first) return { verdict: "ok", code: "DIRECT_PORTS_SAME" };
    const params = several(odd.map(({ service, server }) => serverName(service, server)));
    return { verdict: "warning", code: "DIRECT_PORT_IGNORED", params, link: servicePage(first.service) };
  },
};
