import { expect, it } from "vitest";
import type { Change } from "../change.ts";
import { formatChange } from "./format.ts";

it.each<[Change, string]>([
  [{ verb: "zero", service: null }, "ipvsadm -Z"],
  [
    { verb: "zero", service: { kind: "address", protocol: "tcp", address: "192.0.2.1", port: 80 } },
    "ipvsadm -Z -t 192.0.2.1:80",
  ],
  [{ verb: "clear" }, "ipvsadm -C"],
  [{ verb: "set-timeouts", timeouts: { tcpS: 900, tcpFinS: 0, udpS: 300 } }, "ipvsadm --set 900 0 300"],
  [{ verb: "stop-daemon", role: "backup" }, "ipvsadm --stop-daemon backup"],
  [
    { verb: "start-daemon", daemon: { role: "master", interface: "eth0", syncId: 7 } },
    "ipvsadm --start-daemon master --mcast-interface eth0 --syncid 7",
  ],
  [
    {
      verb: "start-daemon",
      daemon: { role: "backup", interface: "eth0", syncId: 0, maxLength: 1400, group: "239.1.2.3", port: 8849, ttl: 5 },
    },
    "ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 0 --sync-maxlen 1400 --mcast-group 239.1.2.3 --mcast-port 8849 --mcast-ttl 5",
  ],
])("says %j as ipvsadm takes it", (change, command) => {
  expect(formatChange(change)).toBe(command);
});
