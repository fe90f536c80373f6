/** The doctor on a real host: each thing is put wrong, found, mended by the very commands that it gives, and found well. */
import { execFile, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { CheckId, Finding, FindingCode } from "#domain/doctor";
import type { ServiceKey } from "#domain/service";
import { loadAddon } from "#server/director/addon";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { checks } from "#server/director/doctor/checks";
import { Doctor } from "#server/director/doctor/doctor";
import { FolderHost } from "#server/director/doctor/host-reader";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";

const run = promisify(execFile);
const ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
const director = new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });

/** As somebody would who has copied it from the page. */
async function shell(command: string): Promise<void> {
  await run("sh", ["-c", command], { env: { ...process.env, PATH: `/run/guest/bin:${process.env["PATH"]}` } });
}

/** All commands of findings, copied in one piece. */
async function mend(findings: readonly (Finding | undefined)[]): Promise<void> {
  await shell(["set -e", ...findings.flatMap((finding) => finding?.commands ?? [])].join("\n"));
}

/** Some checks alone: the contract of directors asks for all of them at once. */
async function lookAt(ids: readonly CheckId[]): Promise<Finding[]> {
  const some = checks.filter(({ id }) => ids.includes(id));
  const { findings } = await new Doctor({ source: director, host: () => new FolderHost(), checks: some }).report();
  expect(findings.filter(({ code }) => code === "CHECK_FAILED" || code === "NOT_UNDERSTOOD")).toEqual([]);
  return findings;
}

const findingsOf = (check: CheckId) => lookAt([check]);

/** But for the modules, which the guest keeps elsewhere. */
async function wrongWith(ids: readonly CheckId[]): Promise<Finding[]> {
  const findings = await lookAt(ids);
  return findings.filter(({ verdict, code }) => verdict !== "ok" && code !== "MODULES_NOT_THERE");
}

/** Sysctls that tests put wrong, as this kernel came with them. */
const restored: [path: string, value: string][] = [];
const touched = ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding", "net/ipv6/conf/all/disable_ipv6"].concat(
  ["rp_filter", "send_redirects", "arp_ignore", "arp_announce"].flatMap((name) =>
    ["all", "eth0", "eth1"].map((device) => `net/ipv4/conf/${device}/${name}`),
  ),
  ["drop_packet", "am_droprate", "conntrack", "conn_reuse_mode", "run_estimation", "sync_version"].map(vs),
  ["sync_persist_mode", "sloppy_tcp", "backup_only", "expire_nodest_conn", "expire_quiescent_template"].map(vs),
  ["net/netfilter/nf_conntrack_tcp_timeout_established", "net/netfilter/nf_conntrack_max"],
);

function vs(name: string): string {
  return `net/ipv4/vs/${name}`;
}

beforeAll(async () => {
  await shell("ip link add eth0 type veth peer name eth1 && ip link set eth0 up && ip link set eth1 up");
  await shell("ip addr add 10.77.0.1/24 dev eth0 && ip addr add 10.78.0.1/24 dev eth1");
  for (const path of touched) restored.push([path, await readFile(`/proc/sys/${path}`, "latin1")]);
});
afterAll(async () => {
  await reset();
  await shell("ip link delete eth0");
  ipvs.close();
});

async function reset(): Promise<void> {
  for (const { role } of await ipvs.daemons()) await ipvs.stopDaemon(role);
  await ipvs.write([{ command: "flush" }]);
  for (const [path, value] of restored) await writeFile(`/proc/sys/${path}`, value);
  await shell("ip link set eth0 up mtu 1500 multicast on; ip addr replace 10.77.0.1/24 dev eth0");
}
beforeEach(reset);

const add = (address: string, port: number, server: string, options = "") =>
  `ipvsadm -A -t ${address}:${port} ${options} && ipvsadm -a -t ${address}:${port} -r ${server}`;
const web = "ipvsadm -A -t 10.77.0.1:80 -s wlc";
const direct = add("10.77.0.1", 80, "10.78.0.2:80 -g");
const backup = "ipvsadm --start-daemon backup --mcast-interface eth0 --syncid 7";
const master = "ipvsadm --start-daemon master --mcast-interface eth0 --syncid 7";
const set = (path: string, value: number) => `echo ${value} > /proc/sys/${path}`;

/** What is put wrong, all at once, and what is found of it: the guest is slow to start a program. */
const scenes: [what: string, wrong: string[], found: `${CheckId} ${FindingCode}`[]][] = [
  [
    "the table",
    [
      set("net/ipv4/ip_forward", 0),
      set("net/ipv4/conf/all/send_redirects", 1),
      add("10.77.0.1", 80, "10.77.0.2:80 -m -w 0", "-s none -p 60"),
      add("10.77.0.9", 80, "10.78.0.2:80 -g"),
      add("224.0.0.1", 80, "10.78.0.2:80 -g"),
      "ipvsadm -A -u 10.77.0.1:53 && ipvsadm -a -u 10.77.0.1:53 -r 10.78.0.2:53 -g",
      add("10.77.0.1", 21, "10.78.0.2:21 -m"),
      "ipvsadm -a -t 10.77.0.1:21 -r 10.78.0.3:21 -g",
      add("10.77.0.1", 81, "10.78.0.2:81 -i --tun-type gre --tun-csum"),
    ],
    [
      "scheduler-modules SCHEDULER_NONE",
      "forwarding FORWARDING_OFF_4",
      "vip-local VIP_NOT_LOCAL",
      "vip-sanity VIP_NOT_UNICAST",
      "redirects REDIRECTS_ONE_ARM",
      "tunnel-mtu TUNNEL_MTU_SMALL",
      "deleted-servers DELETED_SERVERS_BLACK_HOLE",
      "drain-persistent DRAIN_KEEPS_CLIENTS",
      "usable-servers NO_SERVER_USABLE",
      "ftp FTP_WITHOUT_HELPER",
      "ftp FTP_NOT_PERSISTENT",
    ],
  ],
  [
    "settings",
    [
      set(vs("conntrack"), 1),
      set("net/netfilter/nf_conntrack_tcp_timeout_established", 899),
      set(vs("conn_reuse_mode"), 0),
      set(vs("run_estimation"), 0),
      set(vs("drop_packet"), 3),
      set(vs("am_droprate"), 1),
      set("net/ipv4/conf/all/rp_filter", 1),
    ],
    [
      "reverse-path REVERSE_PATH_SEVERAL",
      "conntrack-timeout CONNTRACK_TIMEOUT_SHORT",
      "port-reuse PORT_REUSE_STICKY",
      "statistics STATISTICS_FROZEN",
      "defences DEFENCE_DROPS_ALL",
      "defences DEFENCE_ALWAYS",
    ],
  ],
  [
    "IPv6",
    [
      "ipvsadm -A -t [fd00::1]:80 && ipvsadm -a -t [fd00::1]:80 -r [fd00::2]:80 -m",
      set("net/ipv6/conf/all/forwarding", 0),
      set("net/ipv6/conf/all/disable_ipv6", 1),
    ],
    ["ipv6-off IPV6_OFF_IN_USE", "forwarding FORWARDING_OFF_6", "vip-local VIP_NOT_LOCAL"],
  ],
  [
    "a master",
    [`${master} --sync-maxlen 9000`, set(vs("sync_version"), 0), "ip link set eth0 multicast off"],
    ["sync-interface SYNC_NO_MULTICAST", "sync-length SYNC_LENGTH_TOO_LONG", "sync-version SYNC_VERSION_OLD"],
  ],
  ["a master's interface", [master, "ip link set eth0 down"], ["sync-interface SYNC_DOWN"]],
  [
    "a backup",
    [direct, backup, set(vs("sync_persist_mode"), 1)],
    ["arp ARP_STANDBY", "sync-persistence SYNC_TEMPLATES_WITHOUT_SLOPPY", "loops LOOPS_POSSIBLE"],
  ],
  ["a backup that takes all", ["ipvsadm --start-daemon backup --mcast-interface eth0"], ["sync-id SYNC_ID_ZERO"]],
  ["one side alone", [master], ["sync-sides SYNC_ONE_SIDE"]],
  ["two sides apart", [`${master} --mcast-port 9000`, backup], ["sync-sides SYNC_SIDES_DIFFER"]],
];

describe("put wrong, found, mended by its own commands, found well", () => {
  test.each(scenes)("%s", async (_what, wrong, expected) => {
    await shell(["set -e", ...wrong].join("\n"));
    const looked = [...new Set(expected.map((each) => each.split(" ")[0] as CheckId))];
    const found = await wrongWith(looked);
    expect(found.map(({ check, code }) => `${check} ${code}`).sort()).toEqual([...expected].sort());
    for (const { code, commands } of found) expect(commands, code).not.toEqual([]);
    await mend(found);
    expect(await wrongWith(looked)).toEqual([]);
  });
});

describe("found, with nothing to be done in one command", () => {
  test.each<[check: CheckId, wrong: string, code: FindingCode]>([
    ["server-route", `${web} && ipvsadm -a -t 10.77.0.1:80 -r 203.0.113.7:80 -m`, "SERVER_NOT_ROUTED"],
    ["usable-servers", web, "NO_SERVERS"],
    ["sync-open", backup, "SYNC_UNAUTHENTICATED"],
    ["fwmark-rules", "ipvsadm -A -f 7", "MARKS_NOT_LOOKED_UP"],
    ["mixed-families", `${web} && ipvsadm -a -t 10.77.0.1:80 -r [fd00::2]:80 -i`, "FAMILIES_MIXED"],
    ["vip-local", `ipvsadm -A -t 10.77.0.19:80 && ${backup}`, "VIP_NOT_LOCAL_STANDBY"],
  ])("%s: %s", async (check, wrong, code) => {
    expect((await findingsOf(check)).map((finding) => finding.code)).not.toContain(code);
    await shell(wrong);
    expect((await findingsOf(check)).map((finding) => finding.code)).toEqual([code]);
  });

  test("what only another program than ipvsadm can make", async () => {
    const service: ServiceKey = { kind: "address", protocol: "tcp", address: "10.77.0.1", port: 80 };
    const server = { port: 81, weight: 1, upperThreshold: 0, lowerThreshold: 0, tunnel: null };
    const spec = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
    await ipvs.write([
      { command: "new-service", service, spec },
      { command: "new-service", service: { ...service, protocol: "ip-50" }, spec },
      { command: "new-service", service: { ...service, port: 0 }, spec },
      { command: "new-server", service, server: { ...server, address: "10.78.0.2", forward: "fullnat" } },
      { command: "new-server", service, server: { ...server, address: "10.78.0.3", forward: "direct" } },
    ]);
    expect((await findingsOf("direct-port")).map(({ code }) => code)).toEqual(["DIRECT_PORT_IGNORED"]);
    expect((await findingsOf("vip-sanity")).map(({ code }) => code)).toEqual([
      "PORT_ZERO_NOT_PERSISTENT",
      "PROTOCOL_UNKNOWN",
    ]);
    const [fullnat] = await findingsOf("forward-method");
    expect(fullnat).toMatchObject({ verdict: "error", code: "FORWARD_WITHOUT_WAY" });
    await mend([fullnat]);
    expect((await findingsOf("forward-method")).map(({ code }) => code)).toEqual(["FORWARDS_USUAL"]);
  });

  test("a table of connection tracking is measured against its limit", async () => {
    await writeFile("/proc/sys/net/netfilter/nf_conntrack_max", "4321");
    const [finding] = await findingsOf("conntrack-table");
    expect(finding).toMatchObject({ verdict: "ok", code: "CONNTRACK_ROOM", params: { max: 4321 } });
  });
});

test("a host with backup_only that is master and backup at once balances nothing, as the doctor says", async () => {
  const service: ServiceKey = { kind: "address", protocol: "udp", address: "127.0.0.1", port: 5400 };
  await shell("ipvsadm -A -u 127.0.0.1:5400 -s rr && ipvsadm -a -u 127.0.0.1:5400 -r 127.0.0.1:5401 -m");
  await shell(`${master} && ${backup} && ${set(vs("backup_only"), 1)}`);
  const socket = createSocket("udp4");
  socket.on("error", () => {});
  const inactive = async () => (await director.service(service)).gauges.inactive;
  for (let sent = 0; sent < 10; sent++) {
    socket.send("anyone?", service.port, service.address);
    await pause(50);
  }
  expect(await inactive()).toBe(0);
  const [finding] = await findingsOf("loops");
  expect(finding?.code).toBe("BACKUP_DOES_NOT_BALANCE");
  await mend([finding]);
  for (let tries = 0; tries < 40 && (await inactive()) === 0; tries++) {
    socket.send("anyone?", service.port, service.address);
    await pause(50);
  }
  socket.close();
  expect(await inactive()).toBe(1);
});

describe("other managers", () => {
  const managers = () => new Doctor({ source: director, host: () => new FolderHost() }).managers();

  test("a process of the name is found, in this namespace and in another", async () => {
    const folder = await mkdtemp(join(tmpdir(), "managers-"));
    const program = join(folder, "keepalived");
    await copyFile("/bin/sleep", program);
    expect(await managers()).toEqual([]);
    await shell("ip netns add other");
    try {
      for (const [here, words] of [
        [true, [program, "60"]],
        [false, ["ip", "netns", "exec", "other", program, "60"]],
      ] as const) {
        const [command = "", ...args] = words;
        const child = spawn(command, args, { stdio: "ignore" });
        const ended = once(child, "exit");
        const isThere = async () => (await readFile(`/proc/${child.pid}/comm`, "latin1")).trim() === "keepalived";
        for (let tries = 0; tries < 50 && !(await isThere()); tries++) await pause(100);
        expect(await managers()).toEqual([{ manager: "keepalived", evidence: `/proc/${child.pid}/comm`, here }]);
        expect((await findingsOf("other-managers"))[0]?.verdict).toBe(here ? "warning" : "notice");
        child.kill("SIGKILL");
        await ended;
      }
    } finally {
      await shell("ip netns delete other");
      await rm(folder, { recursive: true, force: true });
    }
    expect(await managers()).toEqual([]);
  });

  test("kube-proxy's interface is found, and that it answers ARP for what it holds", async () => {
    await shell("ip link add kube-ipvs0 type dummy");
    try {
      expect(await managers()).toEqual([{ manager: "kube-proxy", evidence: "/sys/class/net/kube-ipvs0", here: true }]);
      const [finding] = await findingsOf("arp");
      expect(finding).toMatchObject({ verdict: "warning", code: "ARP_KUBE" });
      await mend([finding]);
      expect((await findingsOf("arp"))[0]?.code).toBe("ARP_QUIET");
    } finally {
      await shell("ip link delete kube-ipvs0");
    }
  });

  test("the namespace of Docker's ingress is told from this one", async () => {
    await shell("mkdir -p /run/docker/netns && touch /run/docker/netns/ingress_sbox && ip netns add ingress");
    const evidence = "/run/docker/netns/ingress_sbox";
    try {
      await shell(`mount --bind /run/netns/ingress ${evidence}`);
      expect(await managers()).toEqual([{ manager: "docker", evidence, here: false }]);
      await shell(`umount ${evidence} && mount --bind /proc/self/ns/net ${evidence}`);
      expect(await managers()).toEqual([{ manager: "docker", evidence, here: true }]);
    } finally {
      await shell(`umount ${evidence}; rm -r /run/docker; ip netns delete ingress`);
    }
  });
});

test("without the right to the table it is told, and what needs no table is still looked at", async () => {
  process.seteuid?.("nobody");
  let findings: Finding[];
  try {
    const powerless = new KernelIpvs(loadAddon());
    const source = new LocalDirector({ ipvs: powerless, drained: new MemoryDrainedWeights() });
    ({ findings } = await new Doctor({ source, host: () => new FolderHost() }).report());
    powerless.close();
  } finally {
    process.seteuid?.(0);
  }
  const codeOf = (check: CheckId) => findings.find((finding) => finding.check === check)?.code;
  expect(codeOf("capability")).toBe("MAY_NOT_ADMINISTER");
  expect(findings.find(({ check }) => check === "ipvs-present")).toMatchObject({
    code: "IPVS_REFUSES",
    params: { refusal: "NOT_PERMITTED" },
  });
  expect(codeOf("vip-local")).toBe("NO_TABLE");
  expect(codeOf("statistics")).toBe("STATISTICS_RUN");
});

test("a module that is gone is told, and the command brings it back", async () => {
  const modprobe = await readFile("/proc/sys/kernel/modprobe", "latin1");
  await writeFile("/proc/sys/kernel/modprobe", "/bin/false");
  try {
    const loaded = (await readFile("/proc/modules", "latin1")).match(/^ip_vs\S*/gm) ?? [];
    for (const name of loaded.filter((each) => each !== "ip_vs")) await run("rmmod", [name]);
    await run("rmmod", ["ip_vs"]);
    const [finding] = await findingsOf("ipvs-present");
    expect(finding).toMatchObject({ verdict: "error", code: "IPVS_MISSING", commands: ["modprobe ip_vs"] });
    await mend([finding]);
    expect((await findingsOf("ipvs-present"))[0]?.code).toBe("IPVS_THERE");
  } finally {
    await writeFile("/proc/sys/kernel/modprobe", modprobe.trim());
    await run(modprobe.trim(), ["ip_vs"]);
  }
});
