import { describe, expect, test } from "vitest";
import { dns, http, http6, ipip, mark4 } from "../contract/samples.ts";
import { type Case, findingsOf, service, testCases, usualFiles } from "./host-fixture.ts";

const persistent = { persistence: { timeoutS: 360, netmask: "255.255.255.255" } };
const ftpKey = { ...http, port: 21 };
const vs = (name: string) => `/proc/sys/net/ipv4/vs/${name}`;
const direct = { forward: "direct" } as const;

const cases: Case[] = [
  ["an ordinary service", "vip-sanity", { services: [service(http), service(mark4)] }, ["ok VIPS_SANE"]],
  [
    "a multicast address",
    "vip-sanity",
    { services: [service({ ...http, address: "224.0.0.1" })] },
    ["error VIP_NOT_UNICAST"],
    ["ipvsadm -D -t 224.0.0.1:80"],
  ],
  [
    "any address",
    "vip-sanity",
    { services: [service({ ...dns, address: "0.0.0.0" })] },
    ["error VIP_NOT_UNICAST"],
    ["ipvsadm -D -u 0.0.0.0:53"],
  ],
  [
    "all ports without persistence",
    "vip-sanity",
    { services: [service({ ...http6, port: 0 })] },
    ["warning PORT_ZERO_NOT_PERSISTENT"],
    ["ipvsadm -E -t [2001:db8::10]:0 -s wlc -p 360"],
  ],
  [
    "all ports with persistence",
    "vip-sanity",
    { services: [service({ ...http, port: 0 }, persistent)] },
    ["ok VIPS_SANE"],
  ],
  [
    "a protocol that ipvsadm has no words for",
    "vip-sanity",
    { services: [service({ ...http, protocol: "ip-50" })] },
    ["warning PROTOCOL_UNKNOWN"],
    [],
  ],
  ["another port by NAT", "direct-port", { services: [service(http, {}, [{ port: 8080 }])] }, ["ok DIRECT_PORTS_SAME"]],
  [
    "another port by direct routing",
    "direct-port",
    { services: [service(http, {}, [{ ...direct, port: 8080 }])] },
    ["warning DIRECT_PORT_IGNORED"],
  ],
  [
    "any port by direct routing for a mark",
    "direct-port",
    { services: [service(mark4, {}, [{ ...direct, port: 8080 }])] },
    ["ok DIRECT_PORTS_SAME"],
  ],
  ["NAT", "forward-method", { services: [service(http, {}, [{}])] }, ["ok FORWARDS_USUAL"]],
  ...["bypass", "fullnat", "forward-6", "forward-7"].map(
    (observedForward): Case => [
      observedForward,
      "forward-method",
      { services: [service(http, {}, [{ observedForward, weight: 5 }])] },
      ["error FORWARD_WITHOUT_WAY"],
      ["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 5"],
    ],
  ),
  [
    "full NAT on a kernel that has it",
    "forward-method",
    { services: [service(http, {}, [{ observedForward: "fullnat" }])], fullnat: true, localAddresses: ["10.0.0.254"] },
    ["ok FORWARDS_USUAL"],
  ],
  [
    "full NAT without an address to send from",
    "forward-method",
    { services: [service(http, {}, [{ observedForward: "fullnat" }]), service(mark4, {}, [{}])], fullnat: true },
    ["error FULLNAT_WITHOUT_ADDRESSES"],
    [],
  ],
  [
    "local",
    "forward-method",
    { services: [service(http, {}, [{ observedForward: "local" }])] },
    ["notice FORWARD_LOCAL"],
    ["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1"],
  ],
  [
    "a drained server in a persistent service",
    "drain-persistent",
    { files: { [vs("expire_quiescent_template")]: 0 }, services: [service(http, persistent, [{ weight: 0 }])] },
    ["warning DRAIN_KEEPS_CLIENTS"],
    ["sysctl -w net.ipv4.vs.expire_quiescent_template=1"],
  ],
  [
    "a drained server whose templates expire",
    "drain-persistent",
    { files: { [vs("expire_quiescent_template")]: 1 }, services: [service(http, persistent, [{ weight: 0 }])] },
    ["ok DRAINS_TAKE_EFFECT"],
  ],
  [
    "a drained server without persistence",
    "drain-persistent",
    { services: [service(http, {}, [{ weight: 0 }])] },
    ["ok DRAIN_NOT_PERSISTENT"],
  ],
  [
    "one server of weight",
    "usable-servers",
    { services: [service(http, {}, [{ weight: 0 }, { weight: 1 }])] },
    ["ok ALL_USABLE"],
  ],
  [
    "all weights 0",
    "usable-servers",
    { services: [service(http, {}, [{ weight: 0 }])] },
    ["error NO_SERVER_USABLE"],
    ["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1"],
  ],
  [
    "all at their upper threshold",
    "usable-servers",
    { services: [service(http, {}, [{ upperThreshold: 10, gauges: { active: 4, inactive: 6 } }])] },
    ["error NO_SERVER_USABLE"],
    [],
  ],
  ["no server", "usable-servers", { services: [service(http)] }, ["warning NO_SERVERS"]],
  [
    "no threshold",
    "thresholds",
    { services: [service(http, {}, [{ gauges: { inactive: 99 } }])] },
    ["ok THRESHOLDS_NONE"],
  ],
  [
    "a threshold half full of what is over",
    "thresholds",
    { services: [service(http, {}, [{ upperThreshold: 10, gauges: { inactive: 5 } }])] },
    ["warning THRESHOLD_MOSTLY_INACTIVE"],
  ],
  [
    "a threshold half full of what is alive",
    "thresholds",
    { services: [service(http, {}, [{ upperThreshold: 10, gauges: { active: 9, inactive: 4 } }])] },
    ["ok THRESHOLDS_FREE"],
  ],
  [
    "a server of the other family",
    "mixed-families",
    { services: [service(http, {}, [{ address: "2001:db8:1::1", forward: "tunnel", tunnel: ipip }])] },
    ["notice FAMILIES_MIXED"],
  ],
  ["servers of the same family", "mixed-families", { services: [service(http, {}, [{}])] }, ["ok FAMILIES_SAME"]],
  ["no FTP", "ftp", { services: [service(http, {}, [{}])] }, ["ok FTP_NONE"]],
  [
    "FTP by NAT without the helper",
    "ftp",
    { files: { "/proc/net/ip_vs_app": "prot port    usecnt name\n" }, services: [service(ftpKey, {}, [{}])] },
    ["error FTP_WITHOUT_HELPER"],
    ["modprobe ip_vs_ftp"],
  ],
  [
    "FTP by NAT with the helper",
    "ftp",
    {
      files: { "/proc/net/ip_vs_app": "prot port    usecnt name\nTCP  21      0      ftp\n" },
      services: [service(ftpKey, {}, [{}])],
    },
    ["ok FTP_READY"],
  ],
  [
    "FTP by direct routing without persistence",
    "ftp",
    { services: [service(ftpKey, {}, [direct])] },
    ["warning FTP_NOT_PERSISTENT"],
    ["ipvsadm -E -t 192.0.2.10:21 -s wlc -p 360"],
  ],
  [
    "FTP by direct routing with persistence",
    "ftp",
    { services: [service(ftpKey, persistent, [direct])] },
    ["ok FTP_READY"],
  ],
  [
    "a UDP service whose removed servers linger",
    "deleted-servers",
    { files: { [vs("expire_nodest_conn")]: 0 }, services: [service(dns)] },
    ["notice DELETED_SERVERS_BLACK_HOLE"],
    ["sysctl -w net.ipv4.vs.expire_nodest_conn=1"],
  ],
  [
    "a UDP service of single packets",
    "deleted-servers",
    { files: { [vs("expire_nodest_conn")]: 0 }, services: [service(dns, { onePacket: true })] },
    ["ok DELETED_SERVERS_NOT_URGENT"],
  ],
  [
    "removed servers that expire",
    "deleted-servers",
    { files: { [vs("expire_nodest_conn")]: 1 }, services: [service(dns)] },
    ["ok DELETED_SERVERS_EXPIRE"],
  ],
  ["no saved rules", "saved-rules", { files: usualFiles, services: [service(http)] }, ["ok SAVED_RULES_NONE"]],
  [
    "the table as it was saved",
    "saved-rules",
    {
      files: {
        "/etc/ipvsadm.rules": "# kept\n\n-A -t 192.0.2.10:80 -s wlc\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 1\n",
      },
      services: [service(http, {}, [{}])],
    },
    ["ok SAVED_RULES_SAME"],
  ],
  [
    "another table than was saved",
    "saved-rules",
    {
      files: { "/etc/sysconfig/ipvsadm": "-A -t 192.0.2.10:80 -s wlc\n-A -t 192.0.2.11:80 -s wlc\n" },
      services: [service(http, {}, [{}])],
    },
    ["notice SAVED_RULES_DIFFER"],
    ["ipvs-console rules save --file /etc/sysconfig/ipvsadm"],
  ],
  [
    "saved rules that cannot be restored",
    "saved-rules",
    { files: { "/etc/ipvsadm.rules": "-A -t 192.0.2.10:80 -s wlc\n-a -t 192.0.2.10:80 -r 10.0.0.1:80 (null) -w 1\n" } },
    ["error SAVED_RULES_BROKEN"],
    ["ipvs-console rules save --file /etc/ipvsadm.rules"],
  ],
];

describe("what the table itself has wrong", () => {
  testCases(cases);

  test("a drained server comes back with the weight that it had", async () => {
    const drained = service(http, {}, [{ weight: 0 }]);
    for (const server of drained.servers) server.drainedWeight = 7;
    const [finding] = await findingsOf("usable-servers", { services: [drained] });
    expect(finding?.commands).toEqual(["ipvsadm -e -t 192.0.2.10:80 -r 10.0.0.1:80 -m -w 7"]);
  });

  test("the first few are named, the rest is counted, and commands have an end", async () => {
    const services = Array.from({ length: 30 }, (_, at) => service({ ...http, address: "224.0.0.1", port: at + 1 }));
    const [finding] = await findingsOf("vip-sanity", { services });
    expect(finding?.params).toEqual({
      count: 30,
      names: "TCP 224.0.0.1:1, TCP 224.0.0.1:2, TCP 224.0.0.1:3",
      more: 27,
    });
    expect(finding?.commands).toHaveLength(10);
    expect(finding?.link).toBe("/services/tcp%3A224.0.0.1%3A1");
  });
});
