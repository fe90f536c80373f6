import { describe } from "vitest";
import { http, http6 } from "../contract/samples.ts";
import { type Case, daemon, type Files, service, testCases, usualFiles } from "./host-fixture.ts";

const vs = (name: string) => `/proc/sys/net/ipv4/vs/${name}`;
const flags = "/sys/class/net/eth0/flags";
const master = daemon();
const backup = daemon({ role: "backup" });
const withFiles = (files: Files): Files => ({ ...usualFiles, ...files });
const direct = service(http, {}, [{ forward: "direct" }]);

const cases: Case[] = [
  ...(["sync-interface", "sync-length", "sync-sides", "sync-id", "sync-version", "sync-open"] as const).map(
    (check): Case => ["no daemon", check, { files: usualFiles }, ["ok SYNC_NONE"]],
  ),
  [
    "an interface that is ready",
    "sync-interface",
    { files: usualFiles, daemons: [master, backup] },
    ["ok SYNC_INTERFACE_READY"],
  ],
  [
    "an interface that is down",
    "sync-interface",
    { files: withFiles({ [flags]: "0x1002\n" }), daemons: [master] },
    ["error SYNC_DOWN"],
    ["ip link set dev eth0 up"],
  ],
  [
    "an interface without multicast",
    "sync-interface",
    { files: withFiles({ [flags]: "0x3\n" }), daemons: [backup] },
    ["error SYNC_NO_MULTICAST"],
    ["ip link set dev eth0 multicast on"],
  ],
  [
    "an interface without an IPv4 network",
    "sync-interface",
    { files: withFiles({ "/sys/class/net/eth9/flags": "0x1003\n" }), daemons: [daemon({ interface: "eth9" })] },
    ["warning SYNC_NO_ADDRESS"],
  ],
  [
    "an interface without an IPv4 network, for a group of IPv6",
    "sync-interface",
    {
      files: withFiles({ "/sys/class/net/eth9/flags": "0x1003\n" }),
      daemons: [daemon({ interface: "eth9", group: "ff02::81" })],
    },
    ["ok SYNC_INTERFACE_READY"],
  ],
  [
    "flags that are none",
    "sync-interface",
    { files: withFiles({ [flags]: "up\n" }), daemons: [master] },
    ["unknown NOT_UNDERSTOOD"],
  ],
  ["messages that fit", "sync-length", { files: usualFiles, daemons: [master] }, ["ok SYNC_LENGTH_FITS"]],
  [
    "messages that are too long",
    "sync-length",
    { files: usualFiles, daemons: [daemon({ maxLength: 1473, ttl: 2 })] },
    ["warning SYNC_LENGTH_TOO_LONG"],
    [
      "ipvsadm --stop-daemon master",
      "ipvsadm --start-daemon master --mcast-interface eth0 --syncid 1 --sync-maxlen 1472 --mcast-group 224.0.0.81 --mcast-port 8848 --mcast-ttl 2",
    ],
  ],
  [
    "messages that are too long for IPv6",
    "sync-length",
    { files: usualFiles, daemons: [daemon({ group: "ff02::81" })] },
    ["warning SYNC_LENGTH_TOO_LONG"],
  ],
  [
    "a long buffer",
    "sync-length",
    { files: usualFiles, daemons: [daemon({ role: "backup", maxLength: 9000 })] },
    ["ok SYNC_LENGTH_FITS"],
  ],
  ["both sides alike", "sync-sides", { daemons: [backup, master] }, ["ok SYNC_SIDES_AGREE"]],
  [
    "one side only",
    "sync-sides",
    { daemons: [master] },
    ["notice SYNC_ONE_SIDE"],
    [
      "ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 1 --sync-maxlen 1472 --mcast-group 224.0.0.81 --mcast-port 8848 --mcast-ttl 1",
    ],
  ],
  ["another port", "sync-sides", { daemons: [master, { ...backup, port: 8849 }] }, ["warning SYNC_SIDES_DIFFER"]],
  ["another ID", "sync-sides", { daemons: [master, { ...backup, syncId: 2 }] }, ["warning SYNC_SIDES_DIFFER"]],
  [
    "a backup that takes any ID",
    "sync-sides",
    { daemons: [master, { ...backup, syncId: 0 }] },
    ["ok SYNC_SIDES_AGREE"],
  ],
  [
    "a buffer that is too short",
    "sync-sides",
    { daemons: [master, { ...backup, maxLength: 1024 }] },
    ["warning SYNC_SIDES_DIFFER"],
  ],
  ["a master of ID 0", "sync-id", { daemons: [daemon({ syncId: 0 })] }, ["ok SYNC_ID_SET"]],
  [
    "a backup of ID 0",
    "sync-id",
    { daemons: [daemon({ role: "backup", syncId: 0, interface: "eth 0" }), daemon({ syncId: 7 })] },
    ["warning SYNC_ID_ZERO"],
    [
      "ipvsadm --stop-daemon backup",
      "ipvsadm --start-daemon backup --mcast-interface 'eth 0' --syncid 7 --sync-maxlen 1472 --mcast-group 224.0.0.81 --mcast-port 8848 --mcast-ttl 1",
    ],
  ],
  ["version 1", "sync-version", { files: { [vs("sync_version")]: 1 }, daemons: [master] }, ["ok SYNC_VERSION_NEW"]],
  [
    "version 0",
    "sync-version",
    { files: { [vs("sync_version")]: 0 }, daemons: [master] },
    ["notice SYNC_VERSION_OLD"],
    ["sysctl -w net.ipv4.vs.sync_version=1"],
  ],
  [
    "version 0 with a service of IPv6",
    "sync-version",
    { files: { [vs("sync_version")]: 0 }, daemons: [master], services: [service(http6)] },
    ["warning SYNC_VERSION_OLD"],
  ],
  ["a backup that listens", "sync-open", { daemons: [backup] }, ["notice SYNC_UNAUTHENTICATED"]],
  ["a master alone", "sync-open", { daemons: [master] }, ["ok SYNC_NOT_LISTENING"]],
  [
    "templates only, without sloppy_tcp",
    "sync-persistence",
    { files: { [vs("sync_persist_mode")]: 1, [vs("sloppy_tcp")]: 0 }, daemons: [backup] },
    ["warning SYNC_TEMPLATES_WITHOUT_SLOPPY"],
    ["sysctl -w net.ipv4.vs.sloppy_tcp=1"],
  ],
  [
    "templates only, with sloppy_tcp",
    "sync-persistence",
    { files: { [vs("sync_persist_mode")]: 1, [vs("sloppy_tcp")]: 1 }, daemons: [backup] },
    ["ok SYNC_PERSISTENCE_FITS"],
  ],
  [
    "templates only, as a master",
    "sync-persistence",
    { files: { [vs("sync_persist_mode")]: 1 }, daemons: [master] },
    ["ok SYNC_PERSISTENCE_FITS"],
  ],
  [
    "a backup that balances",
    "loops",
    { files: withFiles({ [vs("backup_only")]: 0 }), daemons: [backup], services: [direct] },
    ["notice LOOPS_POSSIBLE"],
    ["sysctl -w net.ipv4.vs.backup_only=1"],
  ],
  [
    "a backup that balances and is a real server",
    "loops",
    {
      files: withFiles({ [vs("backup_only")]: 0 }),
      daemons: [backup],
      services: [service(http, {}, [{ forward: "direct", address: "192.0.2.2" }])],
    },
    ["warning LOOPS_POSSIBLE"],
  ],
  [
    "both daemons, for which backup_only is no way",
    "loops",
    { files: withFiles({ [vs("backup_only")]: 0 }), daemons: [backup, master], services: [direct] },
    ["notice LOOPS_POSSIBLE"],
    [],
  ],
  [
    "a backup that waits",
    "loops",
    { files: { [vs("backup_only")]: 1 }, daemons: [backup], services: [direct] },
    ["ok LOOPS_PREVENTED"],
  ],
  [
    "a director that waits because it is its own backup",
    "loops",
    { files: { [vs("backup_only")]: 1 }, daemons: [backup, master] },
    ["error BACKUP_DOES_NOT_BALANCE"],
    ["sysctl -w net.ipv4.vs.backup_only=0"],
  ],
  ["no backup", "loops", { daemons: [master], services: [direct] }, ["ok LOOPS_NOT_POSSIBLE"]],
  [
    "NAT only",
    "loops",
    { files: { [vs("backup_only")]: 0 }, daemons: [backup], services: [service(http, {}, [{}])] },
    ["ok LOOPS_NOT_POSSIBLE"],
  ],
];

describe("what synchronisation has wrong", () => {
  testCases(cases);
});
