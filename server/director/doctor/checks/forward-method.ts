import type { ServiceRecord } from "#domain/table";
import { type Check, type CheckContext, type Outcome, orElse } from "../check.ts";
import { editServerCommand } from "../ipvsadm-commands.ts";
import { type Pair, pairsOf } from "../pairs.ts";
import { mostCommands, serverName, serviceName, servicePage, several } from "../words.ts";

/**
 * The kernel takes all eight numbers and has a way to send for five (ip_vs_bind_xmit(), linux ip_vs_conn.c). A FULLNAT kernel
 * makes no connection where it has no address to send from.
 */
export const forwardMethod: Check<"forward-method"> = {
  id: "forward-method",
  reads: ["table", "status", "local addresses"],
  link: "/services",
  async run({ services, fullnat, localAddresses }) {
    const pairs = pairsOf(services());
    const wayless = ["bypass", "forward-6", "forward-7", ...(fullnat() ? [] : ["fullnat"])];
    const lost = pairs.filter(({ server }) => wayless.includes(server.spec.forward));
    const local = pairs.filter(({ server }) => server.spec.forward === "local");
    const found: Outcome<"forward-method">[] = [];
    if (lost.length > 0) found.push({ verdict: "error", code: "FORWARD_WITHOUT_WAY", ...about(lost) });
    const [bare, ...more] = fullnat() ? await withoutAddresses(services(), localAddresses) : [];
    if (bare) {
      const params = several([bare, ...more].map(({ key }) => serviceName(key)));
      found.push({ verdict: "error", code: "FULLNAT_WITHOUT_ADDRESSES", params, link: servicePage(bare) });
    }
    if (local.length > 0) found.push({ verdict: "notice", code: "FORWARD_LOCAL", ...about(local) });
    return orElse(found, { code: "FORWARDS_USUAL" });
  },
};

/** The services with full NAT and nothing to send from. */
async function withoutAddresses(
  services: readonly ServiceRecord[],
  localAddresses: CheckContext["localAddresses"],
): Promise<ServiceRecord[]> {
  const bare: ServiceRecord[] = [];
  for (const service of services) {
    if (!service.servers.some(({ spec }) => spec.forward === "fullnat")) continue;
    if ((await localAddresses(service.key)).length === 0) bare.push(service);
  }
  return bare;
}

function about(pairs: readonly Pair[]): Pick<Outcome<"forward-method">, "params" | "commands" | "link"> {
  const [first] = pairs;
  return {
    params: several(pairs.map(({ service, server }) => serverName(service, server))),
    commands: pairs.slice(0, mostCommands).map((pair) => editServerCommand(pair, { forward: "nat", tunnel: null })),
    ...(first ? { link: servicePage(first.service) } : {}),
  };
}
