import type { HostChange } from "../change.ts";
import { formatServiceKey } from "./format.ts";

/** The ipvsadm command for a change of the whole table, of counters, timeouts or a synchronisation daemon. */
export function formatHostChange(change: HostChange): string {
  switch (change.verb) {
    case "zero":
      return change.service ? `ipvsadm -Z ${formatServiceKey(change.service)}` : "ipvsadm -Z";
    case "clear":
      return "ipvsadm -C";
    case "set-timeouts": {
      const { tcpS, tcpFinS, udpS } = change.timeouts;
      return `ipvsadm --set ${tcpS} ${tcpFinS} ${udpS}`;
    }
    case "stop-daemon":
      return `ipvsadm --stop-daemon ${change.role}`;
    case "start-daemon": {
      const { role, interface: device, syncId, maxLength, group, port, ttl } = change.daemon;
      const words = [`ipvsadm --start-daemon ${role} --mcast-interface ${device} --syncid ${syncId}`];
      if (maxLength !== undefined) words.push(`--sync-maxlen ${maxLength}`);
      if (group !== undefined) words.push(`--mcast-group ${group}`);
      if (port !== undefined) words.push(`--mcast-port ${port}`);
      if (ttl !== undefined) words.push(`--mcast-ttl ${ttl}`);
      return words.join(" ");
    }
  }
}
