import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { refusal } from "../contract/subject.ts";
import { bootSysctls } from "./boot-sysctls.ts";
import { RootHost } from "./host.ts";
import { MadeUpRoot } from "./host-fixture.ts";
import { readInterfaces } from "./interfaces.ts";
import { readModules } from "./modules.ts";
import { readSysctls, writeSysctl } from "./sysctls.ts";

const root = new MadeUpRoot();
const host = (addresses: Record<string, string[]> = {}) => new RootHost(root.folder, { addresses: () => addresses });
const vs = "/proc/sys/net/ipv4/vs";

describe("interfaces", () => {
  test("have the flags and the MTU of their folder, and the addresses that run", async () => {
    root.put({
      "/sys/class/net/eth1/flags": "0x1002\n",
      "/sys/class/net/eth1/mtu": "9000\n",
      "/sys/class/net/eth1/operstate": "down\n",
      "/sys/class/net/eth2/flags": "0x1003\n",
      "/sys/class/net/eth2/mtu": "1500\n",
      "/sys/class/net/eth2/operstate": "lowerlayerdown\n",
      "/sys/class/net/eth0/flags": "0x1003\n",
      "/sys/class/net/eth0/mtu": "1500\n",
      "/sys/class/net/eth0/operstate": "up\n",
      "/sys/class/net/bonding_masters": "bond0\n",
    });
    expect(await readInterfaces(host({ eth0: ["192.0.2.2/24"] }))).toEqual([
      {
        name: "eth0",
        up: true,
        running: true,
        multicast: true,
        loopback: false,
        mtu: 1500,
        addresses: ["192.0.2.2/24"],
      },
      { name: "eth1", up: false, running: false, multicast: true, loopback: false, mtu: 9000, addresses: [] },
      { name: "eth2", up: true, running: false, multicast: true, loopback: false, mtu: 1500, addresses: [] },
    ]);
  });

  test("are read a few at a time, however many there are", async () => {
    const texts: Record<string, string> = { flags: "0x1003\n", mtu: "1500\n", operstate: "up\n" };
    const made = host();
    vi.spyOn(made, "list").mockResolvedValue(Array.from({ length: 500 }, (_, at) => `veth${at}`));
    let open = 0;
    let most = 0;
    vi.spyOn(made, "read").mockImplementation(async (path) => {
      most = Math.max(most, ++open);
      await new Promise(setImmediate);
      open--;
      return texts[path.split("/").at(-1) ?? ""] ?? "";
    });
    expect(await readInterfaces(made)).toHaveLength(500);
    expect(most).toBeLessThan(100);
  });

  test("are none where there is no sysfs", async () => {
    expect(await readInterfaces(host())).toEqual([]);
  });
});

describe("sysctls", () => {
  test("come as they are, those that nobody here knows last, read-only ones said", async () => {
    root.put({ [`${vs}/zz_new`]: "a\tb\n", [`${vs}/sync_threshold`]: "3\t50\n", [`${vs}/drop_entry`]: "2\n" });
    root.put({ [`${vs}/aa_level`]: "0\n" }, 0o444);
    root.put({ "/etc/sysctl.d/ipvs.conf": "net.ipv4.vs.drop_entry = 1\n" });
    expect(await readSysctls(host())).toEqual([
      { name: "drop_entry", value: "2", readOnly: false, atBoot: "1" },
      { name: "sync_threshold", value: "3 50", readOnly: false, atBoot: null },
      { name: "aa_level", value: "0", readOnly: true, atBoot: null },
      { name: "zz_new", value: "a b", readOnly: false, atBoot: null },
    ]);
  });

  test("are not available without IPVS", async () => {
    expect(await refusal(readSysctls(host()))).toMatchObject({ code: "NOT_AVAILABLE" });
    expect(await refusal(writeSysctl(host(), { name: "drop_entry", value: "1" }))).toMatchObject({
      code: "NOT_AVAILABLE",
    });
  });

  test("are written as a line, and read back", async () => {
    root.put({ [`${vs}/drop_entry`]: "0\n", [`${vs}/est_cpulist`]: "0\n" });
    expect(await writeSysctl(host(), { name: "drop_entry", value: " 3 " })).toMatchObject({ value: "3" });
    expect(readFileSync(join(root.folder, vs, "drop_entry"), "utf8")).toBe("3\n");
    const write = vi.spyOn(RootHost.prototype, "write");
    await writeSysctl(host(), { name: "est_cpulist", value: "" });
    expect(write).toHaveBeenCalledWith(`${vs}/est_cpulist`, "\n");
    write.mockRestore();
  });

  test("no name makes a file, or reaches one beside the folder", async () => {
    root.put({ [`${vs}/drop_entry`]: "0\n", "/proc/sys/net/ipv4/ip_forward": "0\n" });
    for (const name of ["../ip_forward", "drop_entry/../../ip_forward", "..", ""])
      expect((await refusal(writeSysctl(host(), { name, value: "1" }))).code).toBe("INVALID");
    expect((await refusal(writeSysctl(host(), { name: "ip_forward", value: "1" }))).code).toBe("NO_SUCH_SYSCTL");
    expect(readFileSync(join(root.folder, "/proc/sys/net/ipv4/ip_forward"), "utf8")).toBe("0\n");
  });

  test("what somebody else has set meanwhile stays, and is told; a mode that the kernel moved by itself was not set", async () => {
    root.put({ [`${vs}/drop_entry`]: "2\n", [`${vs}/sync_threshold`]: "5\t20\n" });
    const { code, current } = await refusal(
      writeSysctl(host(), { name: "sync_threshold", value: "4 60", expected: "3 50" }),
    );
    expect([code, current]).toEqual(["CONFLICT", expect.objectContaining({ value: "5 20" })]);
    expect(readFileSync(join(root.folder, vs, "sync_threshold"), "utf8")).toBe("5\t20\n");
    await writeSysctl(host(), { name: "sync_threshold", value: "4 60", expected: "5\t20" });
    expect(await writeSysctl(host(), { name: "drop_entry", value: "3", expected: "1" })).toMatchObject({ value: "3" });
  });

  test("one that nobody may write is not tried", async () => {
    root.put({ [`${vs}/debug_level`]: "0\n" }, 0o444);
    const write = vi.spyOn(RootHost.prototype, "write");
    const { code, params } = await refusal(writeSysctl(host(), { name: "debug_level", value: "1" }));
    expect([code, params]).toEqual(["SYSCTL_READ_ONLY", { detail: "net.ipv4.vs.debug_level" }]);
    expect(write).not.toHaveBeenCalled();
    write.mockRestore();
  });

  test.each([
    ["EINVAL", "SYSCTL_REFUSED", "value"],
    ["ERANGE", "SYSCTL_REFUSED", "value"],
    ["EROFS", "SYSCTL_READ_ONLY", undefined],
    ["EACCES", "SYSCTL_NOT_PERMITTED", undefined],
    ["EPERM", "SYSCTL_NOT_PERMITTED", undefined],
    ["ENOENT", "NO_SUCH_SYSCTL", undefined],
    ["EIO", "INTERNAL", undefined],
  ])("%s of the kernel is %s", async (errno, code, field) => {
    root.put({ [`${vs}/drop_entry`]: "0\n" });
    const write = vi
      .spyOn(RootHost.prototype, "write")
      .mockRejectedValue(Object.assign(new Error(`${errno}: no`), { code: errno }));
    const shape = await refusal(writeSysctl(host(), { name: "drop_entry", value: "1" }));
    expect([shape.code, shape.field]).toEqual([code, field]);
    write.mockRestore();
  });
});

describe("what files set at the start of the host", () => {
  test("the last name wins, a name in /etc hides the same elsewhere, sysctl.conf comes last", async () => {
    root.put({
      "/usr/lib/sysctl.d/50-ipvs.conf": "net.ipv4.vs.drop_entry = 3\n",
      "/etc/sysctl.d/50-ipvs.conf": "# net.ipv4.vs.conntrack = 1\n; no\n-net.ipv4.vs.sync_threshold=5   20\n",
      "/run/sysctl.d/60-more.conf":
        "net/ipv4/vs/backup_only = 1\nnet.ipv4.vs.sloppy_tcp = 1\nnet.ipv4.ip_forward = 1\n",
      "/etc/sysctl.d/90-last.txt": "net.ipv4.vs.drop_packet = 3\n",
      "/etc/sysctl.conf": "net.ipv4.vs.sloppy_tcp = 0\n",
    });
    expect(Object.fromEntries(await bootSysctls(host()))).toEqual({
      sync_threshold: "5 20",
      backup_only: "1",
      sloppy_tcp: "0",
    });
  });

  test("systemd reads sysctl.conf only where it is a link in sysctl.d", async () => {
    root.put({ "/etc/sysctl.conf": "net.ipv4.vs.sloppy_tcp = 1\n", "/run/systemd/system/x": "" });
    expect(await bootSysctls(host())).toEqual(new Map());
    root.put({ "/etc/sysctl.d/a": "" });
    symlinkSync("../sysctl.conf", join(root.folder, "/etc/sysctl.d/99-sysctl.conf"));
    expect((await bootSysctls(host())).get("sloppy_tcp")).toBe("1");
  });

  test("what is no file is passed over, and waited for by nobody", async () => {
    root.put({ "/etc/sysctl.d/90-b.conf": "net.ipv4.vs.sloppy_tcp = 1\n" });
    execFileSync("mkfifo", [join(root.folder, "/etc/sysctl.d/10-pipe.conf")]);
    symlinkSync("/dev/zero", join(root.folder, "/etc/sysctl.d/20-endless.conf"));
    expect(await bootSysctls(host())).toEqual(new Map([["sloppy_tcp", "1"]]));
  });

  test("nothing in another network namespace than the first: files set up that one alone", async () => {
    root.put({ "/etc/sysctl.conf": "net.ipv4.vs.sloppy_tcp = 1\n" });
    expect(await bootSysctls(new RootHost(root.folder, { ofNamespace: true }))).toEqual(new Map());
    expect((await bootSysctls(host())).get("sloppy_tcp")).toBe("1");
  });

  test("nothing, where there are none", async () => {
    expect(await bootSysctls(host())).toEqual(new Map());
  });
});

describe("modules", () => {
  const folder = "/lib/modules/6.1.0-test";
  const withKernel = () => {
    const made = host();
    vi.spyOn(made, "release").mockReturnValue("6.1.0-test");
    return made;
  };
  const stateOf = async (name: string) => {
    const { schedulers, engines, helpers } = await readModules(withKernel());
    return [...schedulers, ...engines, ...helpers].find((each) => each.module === name)?.state;
  };

  test("are loaded, built in, loadable or missing, compressed or not", async () => {
    root.put({
      "/proc/modules": "ip_vs_rr 16384 2 - Live 0x0\nip_vs 200704 4 ip_vs_rr, Live 0x0\nnf_nat 1 0 - Live 0x0\n",
      [`${folder}/modules.builtin`]: "kernel/net/netfilter/ipvs/ip_vs_wrr.ko\n",
      [`${folder}/modules.dep`]:
        "kernel/net/netfilter/ipvs/ip_vs_wlc.ko.xz: kernel/net/netfilter/ipvs/ip_vs.ko.xz\nkernel/net/netfilter/ipvs/ip-vs-pe-sip.ko:\nkernel/net/netfilter/ipvs/ip_vs_ours.ko:\n",
    });
    const { schedulers, kernel } = await readModules(withKernel());
    expect(kernel).toBe("6.1.0-test");
    expect(schedulers.find(({ name }) => name === "rr")).toEqual({
      name: "rr",
      module: "ip_vs_rr",
      state: "loaded",
      users: 2,
    });
    expect(schedulers.at(-1)).toEqual({ name: "ours", module: "ip_vs_ours", state: "loadable", users: null });
    expect([await stateOf("ip_vs_wrr"), await stateOf("ip_vs_wlc"), await stateOf("ip_vs_pe_sip")]).toEqual([
      "built-in",
      "loadable",
      "loadable",
    ]);
    expect(await stateOf("ip_vs_twos")).toBe("missing");
    expect(await stateOf("ip_vs_ftp")).toBe("missing");
  });

  test("nobody knows of what is not loaded where the kernel's lists are not to be had", async () => {
    root.put({ "/proc/modules": "ip_vs_rr 16384 0 - Live 0x0\n" });
    expect([await stateOf("ip_vs_rr"), await stateOf("ip_vs_wlc")]).toEqual(["loaded", "unknown"]);
  });

  test("helpers at work are told by protocol and port", async () => {
    root.put({ "/proc/net/ip_vs_app": "prot port    usecnt name\nTCP  21      3      ftp\n" });
    expect((await readModules(withKernel())).applications).toEqual([
      { protocol: "TCP", port: 21, users: 3, name: "ftp" },
    ]);
  });
});
