import { type Check, type Outcome, orElse } from "../check.ts";
import { readInterfaces, readNumber, readOptionalNumber } from "../read.ts";
import { readRoutes } from "../routes.ts";
import { several, sysctlCommand } from "../words.ts";

const path = (name: string) => `/proc/sys/net/ipv4/conf/${name}/rp_filter`;
const strict = 1;
const loose = 2;
/** ARPHRD_TUNNEL, _TUNNEL6, _SIT, _IPGRE, _IP6GRE (linux include/uapi/linux/if_arp.h) */
const tunnelTypes: readonly number[] = [768, 769, 776, 778, 823];
const isUp = 0x1;

/** What holds for an interface is the greater of its own and `all`, so that 2 there loosens it (IN_DEV_RPFILTER, linux inetdevice.h). */
export const reversePath: Check<"reverse-path"> = {
  id: "reverse-path",
  reads: [path("all"), path("IF"), "/sys/class/net/IF/type", "/sys/class/net/IF/flags", "/proc/net/route"],
  link: null,
  async run({ host }) {
    const all = await readNumber(host, path("all"));
    const isStrict = async (name: string) =>
      Math.max(all, (await readOptionalNumber(host, path(name))) ?? 0) === strict;
    const found: Outcome<"reverse-path">[] = [];
    for (const name of await readInterfaces(host)) {
      const type = await readOptionalNumber(host, `/sys/class/net/${name}/type`);
      if (type === null || !tunnelTypes.includes(type) || !(await isStrict(name))) continue;
      const flags = Number((await host.text(`/sys/class/net/${name}/flags`)).trim());
      if ((flags & isUp) === 0) continue;
      found.push({
        verdict: "warning",
        code: "REVERSE_PATH_DECAP",
        params: { interface: name },
        commands: [sysctlCommand(path(name), loose)],
      });
    }
    const connected = [...(await readRoutes(host)).connected(4)].sort();
    const strictOnes: string[] = [];
    for (const name of connected) if (connected.length > 1 && (await isStrict(name))) strictOnes.push(name);
    if (strictOnes.length > 0) {
      const commands = strictOnes.map((name) => sysctlCommand(path(name), loose));
      found.push({ verdict: "notice", code: "REVERSE_PATH_SEVERAL", params: several(strictOnes), commands });
    }
    return orElse(found, { code: "REVERSE_PATH_LOOSE" });
  },
};
