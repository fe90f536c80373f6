import { type Check, NotKnown, type Outcome, orElse } from "../check.ts";
import { readRoutes } from "../routes.ts";
import { printable, shellWord } from "../words.ts";

const isUp = 0x1;
const isMulticast = 0x1000;

/** The kernel starts a daemon on any interface and logs at best (start_sync_thread(), linux ip_vs_sync.c). */
export const syncInterface: Check<"sync-interface"> = {
  id: "sync-interface",
  reads: ["/sys/class/net/IF/flags", "/proc/net/route", "daemons"],
  link: "/director?view=sync",
  async run({ host, daemons }) {
    const all = daemons();
    if (all.length === 0) return { verdict: "ok", code: "SYNC_NONE" };
    const found: Outcome<"sync-interface">[] = [];
    for (const { role, interface: name, group } of all) {
      const path = `/sys/class/net/${name}/flags`;
      const text = (await host.text(path)).trim();
      if (!/^0x[\da-f]{1,8}$/.test(text)) throw new NotKnown("NOT_UNDERSTOOD", { path });
      const flags = Number(text);
      const about = { params: { interface: printable(name), role } };
      const set = (words: string) => ({ ...about, commands: [`ip link set dev ${shellWord(name)} ${words}`] });
      if ((flags & isUp) === 0) found.push({ verdict: "error", code: "SYNC_DOWN", ...set("up") });
      else if ((flags & isMulticast) === 0)
        found.push({ verdict: "error", code: "SYNC_NO_MULTICAST", ...set("multicast on") });
      else if (!group.includes(":") && !(await readRoutes(host)).connected(4).has(name))
        found.push({ verdict: "warning", code: "SYNC_NO_ADDRESS", ...about });
    }
    const names = [...new Set(all.map((daemon) => daemon.interface))].map(printable).join(", ");
    return orElse(found, { code: "SYNC_INTERFACE_READY", params: { names } });
  },
};
