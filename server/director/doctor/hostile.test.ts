import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { checkIds, type DoctorReport, doctorReportSchema } from "#domain/doctor";
import { findingSentence } from "#domain/doctor-words";
import { http, http6, ipip, mark4 } from "../contract/samples.ts";
import { simulatedHostFiles } from "../simulated/doctor-host.ts";
import { Doctor } from "./doctor.ts";
import { daemon, service, translate } from "./host-fixture.ts";
import { MadeUpHost } from "./made-up-host.ts";

/** Every check has something to look at: nothing is fine before its file is read. */
const services = [
  service({ ...http, address: "192.0.2.99" }, { persistence: { timeoutS: 60, netmask: "255.255.255.0" } }, [
    { weight: 0, address: "192.0.2.50" },
    { forward: "direct", address: "192.0.2.2" },
  ]),
  service({ ...http, port: 21 }, {}, [{ forward: "tunnel", address: "203.0.113.1", tunnel: ipip }]),
  service({ ...http, protocol: "udp", port: 53 }, {}, [{}]),
  service(http6, { scheduler: "none" }, [{ address: "2001:db8::1" }]),
  service(mark4),
];
const daemons = [daemon({ role: "backup", syncId: 0 }), daemon({ group: "ff02::1" })];

const sysctls = {
  ...{ am_droprate: 10, backup_only: 0, conn_max: 1000, conn_reuse_mode: 1, conntrack: 1, drop_entry: 0 },
  ...{ drop_packet: 3, expire_nodest_conn: 0, expire_quiescent_template: 0, pmtu_disc: 1, run_estimation: 1 },
  ...{ secure_tcp: 2, sloppy_tcp: 0, sync_persist_mode: 1, sync_version: 0 },
};

const files: Record<string, string> = {
  ...simulatedHostFiles,
  "/etc/ipvsadm.rules": "-A -t 192.0.2.10:80 -s wlc\n",
  "/proc/net/ip_vs_status": "Conn buckets:\t256 (8 bits, lfactor -4)\n",
  ...Object.fromEntries(
    Object.entries(sysctls).map(([name, value]) => [`/proc/sys/net/ipv4/vs/${name}`, `${value}\n`]),
  ),
  "/proc/sys/net/ipv4/vs/est_cpulist": "0-3\n",
  "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_established": "432000\n",
  "/proc/812/comm": "keepalived\n",
  "/proc/812/ns/net": "-> net:[1]",
  "/run/keepalived.pid": "812\n",
  "/run/docker/netns/ingress_sbox": "",
  "/sys/class/net/kube-ipvs0/type": "1\n",
};
const paths = Object.keys(files);

/** Bytes of no meaning, or what was there with something cut out, put in or repeated. */
const spoilt = (text: string) =>
  fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    fc
      .tuple(fc.nat(text.length), fc.nat(40), fc.string({ unit: "binary-ascii", maxLength: 20 }))
      .map(([at, cut, put]) => {
        return text.slice(0, at) + put + text.slice(at + cut);
      }),
    fc.constantFrom(
      "",
      "\n",
      "-1\n",
      "0",
      "99999999999999999999\n",
      "0x\n",
      "\0",
      text + text,
      `${text.slice(0, 70)}\n`,
    ),
  );
const spoiltFiles = fc
  .uniqueArray(fc.constantFrom(...paths), { minLength: 1, maxLength: 8 })
  .chain((which) => fc.tuple(fc.constant(which), fc.tuple(...which.map((path) => spoilt(files[path] ?? "")))))
  .map(([which, texts]) => ({ ...files, ...Object.fromEntries(which.map((path, at) => [path, texts[at] ?? ""])) }));

function look(made: Record<string, string>): Promise<DoctorReport> {
  const source = {
    table: async () => services,
    daemons: async () => daemons,
    status: async () => ({ fullnat: false }),
    timeouts: async () => ({ tcpS: 900, tcpFinS: 120, udpS: 300 }),
    localAddresses: async () => [],
  };
  return new Doctor({ source, host: () => new MadeUpHost(made) }).report();
}

function expectSound(report: DoctorReport): void {
  doctorReportSchema.parse(report);
  expect(new Set(report.findings.map(({ check }) => check)).size).toBe(checkIds.length);
  for (const finding of report.findings) {
    expect(finding.code).not.toBe("CHECK_FAILED");
    // Nothing that a terminal would obey, and every command on one line.
    for (const text of [findingSentence(finding, translate), ...finding.commands]) expect(text).not.toMatch(/\p{Cc}/u);
  }
}

test("whatever bytes the files of a host hold, every check answers and none trips", async () => {
  await fc.assert(
    fc.asyncProperty(spoiltFiles, async (made) => expectSound(await look(made))),
    { numRuns: 1500 },
  );
}, 120_000);

test("whichever file is missing, every check answers and none trips", async () => {
  for (const path of paths) {
    const { [path]: _gone, ...others } = files;
    expectSound(await look(others));
  }
  expectSound(await look({}));
});

test("a long routing table is parsed once for all checks, and one that would keep samples waiting is not", async () => {
  const routes = (count: number) => {
    const leaf = (at: number) => `     |-- 11.${at >> 8}.${at & 255}.0\n        /24 universe UNICAST\n`;
    return `Main:\n  +-- 0.0.0.0/0 3 0 5\n${Array.from({ length: count }, (_, at) => leaf(at)).join("")}`;
  };
  const texts = vi.spyOn(MadeUpHost.prototype, "text");
  await look({ ...files, "/proc/net/fib_trie": routes(1000) });
  expect(texts.mock.calls.filter(([path]) => path === "/proc/net/fib_trie")).toHaveLength(1);
  texts.mockRestore();
  const { findings } = await look({ ...files, "/proc/net/fib_trie": routes(60_000) });
  expect(findings.find(({ check }) => check === "vip-local")).toMatchObject({ verdict: "unknown", code: "TOO_LARGE" });
});

test("a file that is far too long is not read to its end, and told", async () => {
  for (const path of paths) {
    const report = await look({ ...files, [path]: "1".repeat(20 * 1024 * 1024) });
    expectSound(report);
  }
}, 60_000);
