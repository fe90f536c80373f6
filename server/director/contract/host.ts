import { describe, expect, it } from "vitest";
import { factsOf, type Sysctl } from "#domain/sysctl";
import { type MakeSubject, refusal, useSubject } from "./subject.ts";

const named = (sysctls: readonly Sysctl[], name: string) => sysctls.find((each) => each.name === name);

export function hostContract(make: MakeSubject): void {
  describe("the host's interfaces", () => {
    const subject = useSubject(make);

    it("are told with what a daemon asks of them", async () => {
      const interfaces = await subject().director.interfaces();
      const lo = interfaces.find(({ name }) => name === "lo");
      expect(lo).toMatchObject({ up: true, running: true, loopback: true, multicast: false });
      expect(lo?.addresses).toContain("127.0.0.1/8");
      const eth0 = interfaces.find(({ name }) => name === "eth0");
      expect(eth0).toMatchObject({ up: true, running: true, loopback: false, multicast: true, mtu: 1500 });
      expect(eth0?.addresses.length).toBeGreaterThan(0);
      expect(interfaces.map(({ name }) => name)).toEqual(interfaces.map(({ name }) => name).toSorted());
    });
  });

  describe("sysctls", () => {
    const subject = useSubject(make);

    it("are all told, defences first, each within what is known of it", async () => {
      const sysctls = await subject().director.sysctls();
      expect(sysctls.map(({ name }) => name).slice(0, 4)).toEqual([
        "drop_entry",
        "drop_packet",
        "secure_tcp",
        "amemthresh",
      ]);
      expect(named(sysctls, "sync_threshold")).toEqual({
        name: "sync_threshold",
        value: "3 50",
        readOnly: false,
        atBoot: null,
      });
      const unknown = sysctls.filter(({ name }) => factsOf(name) === null);
      expect(unknown).toEqual([]);
      for (const { value } of sysctls) expect(value).toMatch(/^-?\d+( \d+)?$|^[\d,:/-]*$/);
    });

    it("are set and read back, and stay as they are told", async () => {
      const { director } = subject();
      for (const [name, value, back] of [
        ["sync_threshold", "5  20", "3 50"],
        ["expire_nodest_conn", "1", "0"],
        ["drop_entry", "1", "0"],
        ["sync_ports", "4", "1"],
        ["sync_refresh_period", "7", "0"],
        ["amemthresh", "010", "1024"],
      ] as const) {
        const set = await director.setSysctl(name, value);
        const expected = value.replace("  ", " ").replace(/^0+(?=\d)/, "");
        expect(set).toEqual({ name, value: expected, readOnly: false, atBoot: null });
        expect(named(await director.sysctls(), name)?.value).toBe(expected);
        expect((await director.setSysctl(name, back)).value).toBe(back);
      }
    });

    it.each([
      ["drop_entry", "4", "OUT_OF_RANGE"],
      ["drop_entry", "", "REQUIRED"],
      ["sync_version", "2", "OUT_OF_RANGE"],
      ["sync_ports", "3", "NOT_A_POWER_OF_TWO"],
      ["sync_threshold", "50 3", "SYNC_THRESHOLD_INVALID"],
      ["sync_threshold", "3", "SYNC_THRESHOLD_INVALID"],
      ["amemthresh", "many", "NOT_A_WHOLE_NUMBER"],
      ["amemthresh", "2147483648", "OUT_OF_RANGE"],
      ["sync_retries", "0x1", "NOT_A_WHOLE_NUMBER"],
    ])("%s does not become “%s”", async (name, value, code) => {
      const { director } = subject();
      const before = named(await director.sysctls(), name)?.value;
      expect(await refusal(director.setSysctl(name, value))).toMatchObject({
        code: "INVALID",
        problems: [{ code, path: ["value"] }],
      });
      expect(named(await director.sysctls(), name)?.value).toBe(before);
    });

    it.each(["no_such_sysctl", "timeout_established"])("has no %s", async (name) => {
      expect(await refusal(subject().director.setSysctl(name, "1"))).toMatchObject({ code: "NO_SUCH_SYSCTL" });
    });

    it.each([
      "../ip_forward",
      "../../ip_forward",
      "/proc/sys/net/ipv4/ip_forward",
      "..",
      ".",
      "",
      "drop_entry/",
      "a\0b",
      7,
      null,
    ])("%j is no name, and leads nowhere", async (name) => {
      expect(await refusal(subject().director.setSysctl(name as string, "1"))).toMatchObject({
        code: "INVALID",
        problems: [{ path: ["name"] }],
      });
    });
  });

  describe("modules", () => {
    const subject = useSubject(make);

    it("are told with where they are, those that ipvsadm knows and the others", async () => {
      const { schedulers, engines, helpers, kernel } = await subject().director.modules();
      const names = schedulers.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["rr", "wrr", "wlc", "mh", "fo", "ovf"]));
      expect(new Set(names).size).toBe(names.length);
      expect(names).not.toContain("pe_sip");
      expect(names).not.toContain("ftp");
      expect(engines.map(({ module }) => module)).toEqual(["ip_vs_pe_sip"]);
      expect(helpers.map(({ module }) => module)).toEqual(["ip_vs_ftp"]);
      expect(kernel).not.toBe("");
    });
  });
}
