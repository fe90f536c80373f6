import { describe } from "vitest";
import { http } from "../contract/samples.ts";
import { type Case, type Files, service, testCases } from "./host-fixture.ts";

const vs = (name: string) => `/proc/sys/net/ipv4/vs/${name}`;
const netfilter = (name: string) => `/proc/sys/net/netfilter/${name}`;
const established = netfilter("nf_conntrack_tcp_timeout_established");
const release = (text: string): Files => ({ "/proc/sys/kernel/osrelease": `${text}\n` });
const resting: Files = {
  [vs("drop_entry")]: 0,
  [vs("drop_packet")]: 1,
  [vs("secure_tcp")]: 1,
  [vs("am_droprate")]: 10,
};
const busy = service(http, {}, [{ gauges: { active: 40_000, inactive: 20_000, persistent: 5536 } }]);
const bits = "/sys/module/ip_vs/parameters/conn_tab_bits";
const loaded = (...names: string[]): Files =>
  Object.fromEntries(names.map((name) => [`/sys/module/${name}/refcnt`, 1]));

const cases: Case[] = [
  ["no connection tracking", "conntrack-table", {}, ["ok CONNTRACK_ABSENT"]],
  [
    "room",
    "conntrack-table",
    { files: { [netfilter("nf_conntrack_count")]: 79, [netfilter("nf_conntrack_max")]: 100 } },
    ["ok CONNTRACK_ROOM"],
  ],
  [
    "filling up",
    "conntrack-table",
    { files: { [netfilter("nf_conntrack_count")]: 80, [netfilter("nf_conntrack_max")]: 100 } },
    ["warning CONNTRACK_FILLING"],
    ["sysctl -w net.netfilter.nf_conntrack_max=200"],
  ],
  [
    "full",
    "conntrack-table",
    { files: { [netfilter("nf_conntrack_count")]: 95, [netfilter("nf_conntrack_max")]: 100 } },
    ["error CONNTRACK_FULL"],
  ],
  [
    "no limit",
    "conntrack-table",
    { files: { [netfilter("nf_conntrack_count")]: 95, [netfilter("nf_conntrack_max")]: 0 } },
    ["ok CONNTRACK_ROOM"],
  ],
  ["untracked connections", "conntrack-timeout", { files: { [vs("conntrack")]: 0 } }, ["ok CONNTRACK_NOT_KEPT"]],
  ["a kernel that cannot track them", "conntrack-timeout", {}, ["ok CONNTRACK_NOT_KEPT"]],
  [
    "a long timeout",
    "conntrack-timeout",
    { files: { [vs("conntrack")]: 1, [established]: 900 } },
    ["ok CONNTRACK_TIMEOUT_FITS"],
  ],
  [
    "a short timeout",
    "conntrack-timeout",
    { files: { [vs("conntrack")]: 1, [established]: 899 } },
    ["warning CONNTRACK_TIMEOUT_SHORT"],
    ["sysctl -w net.netfilter.nf_conntrack_tcp_timeout_established=900"],
  ],
  ["tracked", "conntrack-needed", { files: { [vs("conntrack")]: 1 } }, ["ok CONNTRACK_SEEN"]],
  [
    "no rules",
    "conntrack-needed",
    { files: { [vs("conntrack")]: 0, ...loaded("ip_vs") } },
    ["ok CONNTRACK_NOT_NEEDED"],
  ],
  [
    "rules on state",
    "conntrack-needed",
    { files: { [vs("conntrack")]: 0, ...loaded("nft_ct", "nft_masq") } },
    ["notice CONNTRACK_BYPASSED"],
    ["sysctl -w net.ipv4.vs.conntrack=1"],
  ],
  [
    "rules on state, and a kernel that cannot track",
    "conntrack-needed",
    { files: loaded("xt_state") },
    ["notice CONNTRACK_BYPASSED"],
    [],
  ],
  [
    "an old kernel that waits",
    "port-reuse",
    { files: { ...release("5.4.0-1-amd64"), [vs("conn_reuse_mode")]: 1, [vs("conntrack")]: 1 } },
    ["warning PORT_REUSE_SLOW"],
    ["sysctl -w net.ipv4.vs.conn_reuse_mode=0"],
  ],
  [
    "an old kernel without tracking",
    "port-reuse",
    { files: { ...release("5.4.0"), [vs("conn_reuse_mode")]: 1, [vs("conntrack")]: 0 } },
    ["ok PORT_REUSE_FITS"],
  ],
  [
    "an old kernel with 0",
    "port-reuse",
    { files: { ...release("4.18.0"), [vs("conn_reuse_mode")]: 0 } },
    ["ok PORT_REUSE_FITS"],
  ],
  [
    "a newer kernel with 0",
    "port-reuse",
    { files: { ...release("5.9.0"), [vs("conn_reuse_mode")]: 0 } },
    ["warning PORT_REUSE_STICKY"],
    ["sysctl -w net.ipv4.vs.conn_reuse_mode=1"],
  ],
  [
    "a newer kernel with 1",
    "port-reuse",
    { files: { ...release("6.12.101"), [vs("conn_reuse_mode")]: 1, [vs("conntrack")]: 1 } },
    ["ok PORT_REUSE_FITS"],
  ],
  [
    "estimation",
    "statistics",
    { files: { [vs("run_estimation")]: 1, [vs("est_cpulist")]: "0-3\n" } },
    ["ok STATISTICS_RUN"],
  ],
  ["an older kernel", "statistics", {}, ["ok STATISTICS_RUN"]],
  [
    "estimation off",
    "statistics",
    { files: { [vs("run_estimation")]: 0 } },
    ["warning STATISTICS_FROZEN"],
    ["sysctl -w net.ipv4.vs.run_estimation=1"],
  ],
  [
    "no CPU to estimate",
    "statistics",
    { files: { [vs("run_estimation")]: 1, [vs("est_cpulist")]: "\n" } },
    ["warning STATISTICS_NO_CPU"],
    ["sysctl -w net.ipv4.vs.est_cpulist=0"],
  ],
  ["defences at rest", "defences", { files: resting }, ["ok DEFENCES_RESTING"]],
  [
    "a defence that is active",
    "defences",
    { files: { ...resting, [vs("drop_entry")]: 2 } },
    ["warning DEFENCE_ACTIVE"],
    [],
  ],
  [
    "a defence that is always on",
    "defences",
    { files: { ...resting, [vs("secure_tcp")]: 3 } },
    ["notice DEFENCE_ALWAYS"],
    ["sysctl -w net.ipv4.vs.secure_tcp=1"],
  ],
  [
    "all packets dropped",
    "defences",
    { files: { ...resting, [vs("drop_packet")]: 3, [vs("am_droprate")]: 1 } },
    ["error DEFENCE_DROPS_ALL", "notice DEFENCE_ALWAYS"],
    ["sysctl -w net.ipv4.vs.am_droprate=10", "sysctl -w net.ipv4.vs.drop_packet=1"],
  ],
  ["some packets dropped", "defences", { files: { ...resting, [vs("drop_packet")]: 3 } }, ["notice DEFENCE_ALWAYS"]],
  ["buckets enough", "connection-table", { files: { [bits]: 16 }, services: [busy] }, ["ok BUCKETS_ENOUGH"]],
  [
    "few buckets",
    "connection-table",
    { files: { [bits]: 12 }, services: [busy] },
    ["warning BUCKETS_FEW"],
    ["echo 'options ip_vs conn_tab_bits=16' > /etc/modprobe.d/ip_vs.conf"],
  ],
  [
    "a table that grows by itself",
    "connection-table",
    {
      files: { [bits]: 8, "/proc/net/ip_vs_status": "Conns:\t65536\nConn buckets:\t65536 (16 bits, lfactor -4)\n" },
      services: [busy],
    },
    ["ok BUCKETS_ENOUGH"],
  ],
  [
    "buckets beyond reason",
    "connection-table",
    { files: { [bits]: 99 }, services: [busy] },
    ["unknown NOT_UNDERSTOOD"],
  ],
  ["no limit of connections", "connection-limit", { services: [busy] }, ["ok CONNECTIONS_UNLIMITED"]],
  [
    "far from the limit",
    "connection-limit",
    { files: { [vs("conn_max")]: 100_000 }, services: [busy] },
    ["ok CONNECTIONS_BELOW_LIMIT"],
  ],
  [
    "near the limit",
    "connection-limit",
    { files: { [vs("conn_max")]: 70_000 }, services: [busy] },
    ["warning CONNECTIONS_NEAR_LIMIT"],
    ["sysctl -w net.ipv4.vs.conn_max=140000"],
  ],
];

describe("what the kernel is set to that it should not be", () => {
  testCases(cases);
});
