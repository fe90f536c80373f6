import type { Check } from "../check.ts";
import { restartDaemonCommands } from "../ipvsadm-commands.ts";
import { readNumber } from "../read.ts";
import { printable } from "../words.ts";

/** Headers of IP and UDP. */
const headers = { 4: 28, 6: 48 } as const;

/** Only what is sent can be too long: a backup's length is that of its buffer. */
export const syncLength: Check<"sync-length"> = {
  id: "sync-length",
  reads: ["/sys/class/net/IF/mtu", "daemons"],
  link: "/director?view=sync",
  async run({ host, daemons }) {
    if (daemons().length === 0) return { verdict: "ok", code: "SYNC_NONE" };
    const master = daemons().find(({ role }) => role === "master");
    if (!master) return { verdict: "ok", code: "SYNC_LENGTH_FITS" };
    const { role, interface: name, maxLength, group } = master;
    const room = (await readNumber(host, `/sys/class/net/${name}/mtu`)) - headers[group.includes(":") ? 6 : 4];
    if (maxLength <= room) return { verdict: "ok", code: "SYNC_LENGTH_FITS" };
    const params = { role, length: maxLength, room, interface: printable(name) };
    return {
      verdict: "warning",
      code: "SYNC_LENGTH_TOO_LONG",
      params,
      commands: restartDaemonCommands({ ...master, maxLength: room }),
    };
  },
};
