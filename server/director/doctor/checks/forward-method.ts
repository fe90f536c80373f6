import { type Check, type Outcome, orElse } from "../check.ts";
import { editServerCommand } from "../ipvsadm-commands.ts";
import { type Pair, pairsOf } from "../pairs.ts";
import { mostCommands, serverName, servicePage, several } from "../words.ts";

/** The kernel takes all eight numbers and has a way to send for five (ip_vs_bind_xmit(), linux ip_vs_conn.c). */
export const forwardMethod: Check<"forward-method"> = {
  id: "forward-method",
  reads: ["table", "status"],
  link: "/services",
  run({ services, fullnat }) {
    const pairs = pairsOf(services());
    const wayless = ["bypass", "forward-6", "forward-7", ...(fullnat() ? [] : ["fullnat"])];
    const lost = pairs.filter(({ server }) => wayless.includes(server.spec.forward));
    const local = pairs.filter(({ server }) => server.spec.forward === "local");
    const found: Outcome<"forward-method">[] = [];
    if (lost.length > 0) found.push({ verdict: "error", code: "FORWARD_WITHOUT_WAY", ...about(lost) });
    if (local.length > 0) found.push({ verdict: "notice", code: "FORWARD_LOCAL", ...about(local) });
    return orElse(found, { code: "FORWARDS_USUAL" });
  },
};

function about(pairs: readonly Pair[]): Pick<Outcome<"forward-method">, "params" | "commands" | "link"> {
  const [first] = pairs;
  return {
    params: several(pairs.map(({ service, server }) => serverName(service, server))),
    commands: pairs.slice(0, mostCommands).map((pair) => editServerCommand(pair, { forward: "nat", tunnel: null })),
    ...(first ? { link: servicePage(first.service) } : {}),
  };
}
