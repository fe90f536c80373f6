/** What belongs to no service, beside ipvsadm and the files of this guest's own kernel. */
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canonicalSysctl, sysctlFacts } from "#domain/sysctl";
import { loadAddon } from "#server/director/addon";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { addServer, addService, server } from "#server/director/contract/samples";
import { refusal } from "#server/director/contract/subject";
import { RootHost } from "#server/director/host/host";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";

const vs = "/proc/sys/net/ipv4/vs";
const local = { kind: "address", protocol: "udp", address: "127.0.0.78", port: 5354 } as const;
const command = (...args: string[]) => execFileSync("ipvsadm", args, { encoding: "utf8" });
const valueIn = (name: string) => canonicalSysctl(readFileSync(join(vs, name), "utf8"));

let ipvs: KernelIpvs;
let director: LocalDirector;
let root: string;
beforeAll(() => {
  // The guest has its modules in a place of its own.
  root = mkdtempSync(join(tmpdir(), "guest-root-"));
  for (const name of ["proc", "sys", "etc"]) symlinkSync(`/${name}`, join(root, name));
  symlinkSync("/run/guest/modules/lib", join(root, "lib"));
  execFileSync("ip", ["link", "add", "sync0", "mtu", "1400", "type", "veth", "peer", "name", "sync1"]);
  execFileSync("ip", ["addr", "add", "10.78.0.1/24", "dev", "sync0"]);
  for (const name of ["sync0", "sync1"]) execFileSync("ip", ["link", "set", name, "up"]);
  execFileSync("ip", ["link", "add", "idle0", "type", "veth", "peer", "name", "idle1"]);
  execFileSync("ip", ["link", "set", "idle0", "up"]);
});
beforeEach(() => {
  ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
  director = new LocalDirector({ ipvs, drained: new MemoryDrainedWeights(), host: new RootHost(root) });
  command("-C");
  return () => ipvs.close();
});
afterAll(() => {
  for (const name of ["sync0", "idle0"]) execFileSync("ip", ["link", "delete", name]);
  rmSync(root, { recursive: true, force: true });
});

test("timeouts are what ipvsadm lists, and what it sets is seen", async () => {
  await director.apply([{ verb: "set-timeouts", timeouts: { tcpS: 1234, tcpFinS: 0, udpS: 56 } }]);
  expect(command("-L", "--timeout")).toBe("Timeout (tcp tcpfin udp): 1234 120 56\n");
  command("--set", "900", "0", "300");
  expect(await director.timeouts()).toEqual({ tcpS: 900, tcpFinS: 120, udpS: 300 });
});

test("daemons are what ipvsadm lists, with every option, and those that it starts are seen", {
  timeout: 60_000,
}, async () => {
  const master = {
    role: "master",
    interface: "sync0",
    syncId: 9,
    maxLength: 1300,
    group: "239.9.9.9",
    port: 8850,
    ttl: 3,
  } as const;
  await director.apply([{ verb: "start-daemon", daemon: master }]);
  expect(command("-L", "--daemon")).toBe(
    "master sync daemon (mcast=sync0, syncid=9, maxlen=1300, group=239.9.9.9, port=8850, ttl=3)\n",
  );
  command("--start-daemon", "backup", "--mcast-interface", "sync0", "--syncid", "4");
  expect(await director.daemons()).toContainEqual(
    expect.objectContaining({ role: "backup", interface: "sync0", syncId: 4 }),
  );
  expect(await director.daemons()).toContainEqual(master);
  await director.apply([
    { verb: "stop-daemon", role: "master" },
    { verb: "stop-daemon", role: "backup" },
  ]);
  expect(command("-L", "--daemon")).toBe("");
});

test("interfaces are those of the host, with flags and MTU", async () => {
  const found = await director.interfaces();
  expect(found.map(({ name }) => name)).toEqual(readdirSync("/sys/class/net").toSorted());
  expect(found.find(({ name }) => name === "sync0")).toEqual({
    ...{ name: "sync0", up: true, running: true, multicast: true, loopback: false, mtu: 1400 },
    addresses: expect.arrayContaining(["10.78.0.1/24"]),
  });
  // The kernel tells of a carrier up to a second after it is gone (linkwatch_event(), linux net/core/link_watch.c).
  await expect
    .poll(async () => (await director.interfaces()).find(({ name }) => name === "idle0"), { timeout: 10_000 })
    .toMatchObject({ up: true, running: false });
  expect(found.find(({ name }) => name === "idle1")).toMatchObject({ up: false, running: false });
});

test("counters set to zero are zero for ipvsadm too, a service's or all with the totals; clearing leaves it nothing", async () => {
  const other = { ...local, port: 5355 };
  await director.apply(
    [local, other].flatMap((key) => [
      addService(key, { scheduler: "rr" }),
      addServer(key, server({ address: "127.0.0.1" })),
    ]),
  );
  const socket = createSocket("udp4").on("error", () => {});
  const connections = (port: number) =>
    Number(new RegExp(`127\\.0\\.0\\.78:${port} +(\\d+)`).exec(command("-Ln", "--stats", "--exact"))?.[1]);
  for (let tries = 0; tries < 60 && (connections(5354) === 0 || connections(5355) === 0); tries++) {
    for (const { port, address } of [local, other]) socket.send("anyone?", port, address);
    await pause(250);
  }
  socket.close();
  const total = () =>
    Number(`0x${readFileSync("/proc/net/ip_vs_stats", "utf8").split("\n")[2]?.trim().split(/\s+/)[0]}`);
  await director.apply([{ verb: "zero", service: local }]);
  expect([connections(5354), connections(5355) > 0, total() > 0]).toEqual([0, true, true]);
  await director.apply([{ verb: "zero", service: null }]);
  expect([connections(5355), total()]).toEqual([0, 0]);
  const { revision } = await director.apply([{ verb: "clear" }]);
  expect(command("-Sn")).toBe("");
  expect((await director.revision(revision ?? 0)).beforeText).toContain("-A -u 127.0.0.78:5354 -s rr");
});

describe("sysctls", () => {
  test("are every file of their folder, as it reads, and known here with the value that a kernel starts with", async () => {
    const found = await director.sysctls();
    expect(found.map(({ name }) => name).toSorted()).toEqual(readdirSync(vs).toSorted());
    for (const { name, value } of found) {
      expect([name, value]).toEqual([name, valueIn(name)]);
      const { usual } = sysctlFacts[name as keyof typeof sysctlFacts];
      if (usual !== null) expect([name, value]).toEqual([name, usual]);
    }
  });

  test("every one takes its lowest and highest value here and in the kernel, and what is refused here is refused there", async () => {
    for (const { name, value } of await director.sysctls()) {
      const { min, max, form, unit } = sysctlFacts[name as keyof typeof sysctlFacts];
      if (form === "pair" || form === "cpus" || value === null) continue;
      // What moves memory or time by its size alone is left at what it is.
      const ends = ["sync_qlen_max", "sync_sock_size"].includes(name) ? [] : [min, max];
      for (const end of ends)
        expect([name, (await director.setSysctl(name, String(end))).value]).toEqual([name, String(end)]);
      await director.setSysctl(name, value);
      // Of seconds the kernel takes as many as its own clock allows, and of the schedulers' some that have no meaning below 0.
      if (unit === "seconds" || name === "sync_qlen_max") continue;
      for (const beyond of [min - 1, max + 1]) {
        expect([name, (await refusal(director.setSysctl(name, String(beyond)))).code]).toEqual([name, "INVALID"]);
        expect(() => writeFileSync(join(vs, name), `${beyond}\n`), `${name} ${beyond}`).toThrow(/EINVAL/);
      }
      expect([name, valueIn(name)]).toEqual([name, value]);
    }
  });

  test("a pair and a power of two by the kernel's own rules", async () => {
    for (const [name, text] of [
      ["sync_threshold", "50 3"],
      ["sync_threshold", "-1 3"],
      ["sync_ports", "3"],
      ["sync_ports", "0"],
    ] as const) {
      expect((await refusal(director.setSysctl(name, text))).code).toBe("INVALID");
      expect(() => writeFileSync(join(vs, name), `${text}\n`)).toThrow(/EINVAL/);
    }
    for (const text of ["0 0", "9 0", "0 1"])
      expect((await director.setSysctl("sync_threshold", text)).value).toBe(text);
    await director.setSysctl("sync_threshold", "3 50");
  });

  test("an automatic defence goes to work when free memory falls below amemthresh, and back", {
    timeout: 60_000,
  }, async () => {
    const dropEntry = async () => (await director.sysctls()).find(({ name }) => name === "drop_entry")?.value;
    await director.setSysctl("drop_entry", "1");
    await director.setSysctl("amemthresh", "2000000000");
    await expect.poll(dropEntry, { timeout: 15_000 }).toBe("2");
    await director.setSysctl("amemthresh", "1024");
    await expect.poll(dropEntry, { timeout: 15_000 }).toBe("1");
    await director.setSysctl("drop_entry", "0");
  });
});

test("modules are told as the kernel loads them", async () => {
  const stateOf = async (module: string) => {
    const { schedulers, engines, helpers } = await director.modules();
    return [...schedulers, ...engines, ...helpers].find((each) => each.module === module)?.state;
  };
  expect([await stateOf("ip_vs_sed"), await stateOf("ip_vs_twos"), await stateOf("ip_vs_ftp")]).toEqual([
    "loadable",
    "missing",
    "loadable",
  ]);
  await director.apply([addService(local, { scheduler: "sed" })]);
  expect(await stateOf("ip_vs_sed")).toBe("loaded");
  execFileSync("/run/guest/bin/modprobe", ["ip_vs_ftp"]);
  expect((await director.modules()).applications).toEqual([{ protocol: "TCP", port: 21, users: 0, name: "ftp" }]);
  execFileSync("/run/guest/bin/modprobe", ["-r", "ip_vs_ftp"]);
});
