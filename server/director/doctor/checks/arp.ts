import { readLocalAddresses } from "../addresses.ts";
import type { Check } from "../check.ts";
import type { HostReader } from "../host-reader.ts";
import { isThere, readNumber, readOptionalNumber } from "../read.ts";
import { readRoutes } from "../routes.ts";
import { several, sysctlCommand } from "../words.ts";

const folder = "/proc/sys/net/ipv4/conf";
const allPath = (name: string) => `${folder}/all/${name}`;

/** A director that is in charge has to answer ARP for its addresses; one that stands by, and kube-proxy's interface, must not. */
export const arp: Check<"arp"> = {
  id: "arp",
  reads: [
    allPath("arp_ignore"),
    allPath("arp_announce"),
    `${folder}/IF/arp_ignore`,
    `${folder}/IF/arp_announce`,
    "/sys/class/net/kube-ipvs0",
    "/proc/net/fib_trie",
    "table",
    "daemons",
  ],
  link: null,
  async run({ host, services, daemons }) {
    const isKube = await isThere(host, "/sys/class/net/kube-ipvs0");
    const roles = daemons().map(({ role }) => role);
    const standsBy = roles.includes("backup") && !roles.includes("master");
    const held = standsBy
      ? await heldAddresses(
          host,
          services().flatMap(({ key }) => (key.kind === "address" ? [key.address] : [])),
        )
      : [];
    if (!isKube && held.length === 0) return { verdict: "ok", code: "ARP_NOT_NEEDED" };
    const interfaces = (await readRoutes(host)).connected(4);
    const ignore = await leastOf(host, "arp_ignore", interfaces);
    const announce = await leastOf(host, "arp_announce", interfaces);
    if (ignore >= 1 && announce >= 2) return { verdict: "ok", code: "ARP_QUIET", params: { ignore, announce } };
    const commands = [sysctlCommand(allPath("arp_ignore"), 1), sysctlCommand(allPath("arp_announce"), 2)];
    return standsBy && held.length > 0
      ? { verdict: "warning", code: "ARP_STANDBY", params: { ...several(held), ignore, announce }, commands }
      : { verdict: "warning", code: "ARP_KUBE", params: { ignore, announce }, commands };
  },
};

async function heldAddresses(host: HostReader, vips: readonly string[]): Promise<string[]> {
  const local = await readLocalAddresses(host);
  return [...new Set(vips)].filter((vip) => !vip.includes(":") && local.has(vip));
}

/** What holds for an interface is the greater of its own and `all` (IN_DEV_MAXCONF, linux include/linux/inetdevice.h). */
async function leastOf(host: HostReader, name: string, interfaces: ReadonlySet<string>): Promise<number> {
  const all = await readNumber(host, allPath(name));
  const own = await Promise.all(
    Array.from(interfaces, (each) => readOptionalNumber(host, `${folder}/${each}/${name}`)),
  );
  return Math.min(...(own.length > 0 ? own.map((value) => Math.max(all, value ?? 0)) : [all]));
}
