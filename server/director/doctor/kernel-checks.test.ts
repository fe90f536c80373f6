import { describe } from "vitest";
import { DirectorError } from "#domain/errors";
import { http, http6, mark4, mark6 } from "../contract/samples.ts";
import { type Case, type Files, service, testCases } from "./host-fixture.ts";

const release = (text: string): Files => ({ "/proc/sys/kernel/osrelease": `${text}\n` });
const dep = "/lib/modules/6.1.0/modules.dep";
const modules = (...names: string[]) =>
  names.map((name) => `kernel/net/netfilter/ipvs/ip_vs_${name}.ko.xz: kernel/x.ko\n`).join("");
const status = (cap: string): Files => ({ "/proc/self/status": `Name:\tnode\nCapEff:\t${cap}\nSeccomp:\t0\n` });
const namespaces = (own: number): Files => ({ "/proc/self/ns/net": `-> net:[${own}]`, "/proc/1/ns/net": "-> net:[1]" });
const refusal = new DirectorError("NOT_AVAILABLE");
const ipv6: Files = { "/proc/sys/net/ipv6/conf/all/disable_ipv6": 0, "/proc/cmdline": "ro quiet\n" };
const loaded = (...names: string[]): Files =>
  Object.fromEntries(names.map((name) => [`/sys/module/${name}/refcnt`, 1]));

const cases: Case[] = [
  ["IPVS that answers", "ipvs-present", {}, ["ok IPVS_THERE"]],
  ["no IPVS", "ipvs-present", { files: { "/proc/net/dev": "" }, refusal }, ["error IPVS_MISSING"], ["modprobe ip_vs"]],
  ["IPVS that refuses", "ipvs-present", { files: { "/proc/net/ip_vs": "" }, refusal }, ["error IPVS_REFUSES"], []],
  ["all capabilities", "capability", { files: status("000001ffffffffff") }, ["ok MAY_ADMINISTER"]],
  ["CAP_NET_ADMIN alone", "capability", { files: status("0000000000001000") }, ["ok MAY_ADMINISTER"]],
  [
    "all but CAP_NET_ADMIN",
    "capability",
    { files: status("000001ffffffefff") },
    ["error MAY_NOT_ADMINISTER"],
    ["sudo ipvs-console start"],
  ],
  [
    "no line on capabilities",
    "capability",
    { files: { "/proc/self/status": "Name:\tnode\n" } },
    ["unknown NOT_UNDERSTOOD"],
  ],
  ["the host's namespace", "network-namespace", { files: namespaces(1) }, ["ok NAMESPACE_OF_HOST"]],
  [
    "another namespace",
    "network-namespace",
    { files: namespaces(2) },
    ["notice NAMESPACE_OF_ITS_OWN"],
    ["nsenter --net=/proc/1/ns/net ipvs-console start"],
  ],
  [
    "a namespace that cannot be seen",
    "network-namespace",
    { files: { "/proc/self/ns/net": "-> net:[1]" } },
    ["unknown NOT_THERE"],
  ],
  [
    "schedulers at hand",
    "scheduler-modules",
    { files: { ...release("6.1.0"), [dep]: modules("wlc", "rr") }, services: [service(http)] },
    ["ok MODULES_THERE"],
  ],
  [
    "schedulers built in",
    "scheduler-modules",
    {
      files: {
        ...release("6.1.0"),
        [dep]: "",
        "/lib/modules/6.1.0/modules.builtin": "kernel/net/netfilter/ipvs/ip_vs_wlc.ko\n",
      },
      services: [service(http)],
    },
    ["ok MODULES_THERE"],
  ],
  [
    "a scheduler that is gone",
    "scheduler-modules",
    { files: { ...release("6.1.0"), [dep]: modules("rr") }, services: [service(http)] },
    ["warning SCHEDULER_NOT_THERE"],
  ],
  ["no modules at all", "scheduler-modules", { files: release("6.1.0") }, ["warning MODULES_NOT_THERE"]],
  [
    "a service without a scheduler",
    "scheduler-modules",
    {
      files: { ...release("6.1.0"), [dep]: modules("wlc") },
      services: [service(http, { scheduler: "none", persistence: { timeoutS: 60, netmask: "255.255.255.0" } })],
    },
    ["warning SCHEDULER_NONE"],
    ["ipvsadm -E -t 192.0.2.10:80 -s wlc -p 60 -M 255.255.255.0"],
  ],
  ["a release that leads elsewhere", "scheduler-modules", { files: release("../../etc") }, ["unknown NOT_UNDERSTOOD"]],
  ["IPv6", "ipv6-off", { files: ipv6, services: [service(http6)] }, ["ok IPV6_ON"]],
  [
    "no IPv6, and no need",
    "ipv6-off",
    { files: { "/proc/sys/net/core/somaxconn": 1 }, services: [service(http)] },
    ["ok IPV6_OFF"],
  ],
  [
    "IPv6 off at boot",
    "ipv6-off",
    { files: { ...ipv6, "/proc/cmdline": "ro ipv6.disable=1\n" }, services: [service(http6)] },
    ["error IPV6_OFF_IN_USE"],
    [],
  ],
  [
    "IPv6 off by sysctl",
    "ipv6-off",
    { files: { ...ipv6, "/proc/sys/net/ipv6/conf/all/disable_ipv6": 1 }, services: [service(mark6)] },
    ["error IPV6_OFF_IN_USE"],
    ["sysctl -w net.ipv6.conf.all.disable_ipv6=0"],
  ],
  ["no mark", "fwmark-rules", { services: [service(http)] }, ["ok MARKS_NONE"]],
  [
    "nothing that marks",
    "fwmark-rules",
    {
      files: {
        ...release("6.1.0"),
        ...loaded("ip_vs"),
        "/lib/modules/6.1.0/modules.builtin": "kernel/fs/ext4/ext4.ko\n",
      },
      services: [service(mark4)],
    },
    ["warning MARKS_CANNOT_BE_SET"],
  ],
  [
    "something built in that may mark",
    "fwmark-rules",
    {
      files: {
        ...release("6.1.0"),
        ...loaded("ip_vs"),
        "/lib/modules/6.1.0/modules.builtin": "kernel/net/netfilter/nf_tables.ko\n",
      },
      services: [service(mark4)],
    },
    ["unknown MARKS_NOT_LOOKED_UP"],
  ],
  [
    "nftables",
    "fwmark-rules",
    { files: loaded("nf_tables"), services: [service(mark4)] },
    ["unknown MARKS_NOT_LOOKED_UP"],
  ],
  [
    "a mangle table",
    "fwmark-rules",
    { files: { ...loaded("ip_vs"), "/proc/net/ip_tables_names": "filter\nmangle\n" }, services: [service(mark4)] },
    ["unknown MARKS_NOT_LOOKED_UP"],
  ],
  ["nobody else", "other-managers", {}, ["ok MANAGERS_NONE"]],
  ["keepalived", "other-managers", { files: { "/proc/812/comm": "keepalived\n" } }, ["warning MANAGERS_FOUND"]],
  [
    "keepalived in another namespace",
    "other-managers",
    { files: { ...namespaces(1), "/proc/812/comm": "keepalived\n", "/proc/812/ns/net": "-> net:[9]" } },
    ["notice MANAGERS_FOUND"],
  ],
];

describe("what the kernel has wrong", () => {
  testCases(cases);
});
