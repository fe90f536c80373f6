import { describe, expect, test } from "vitest";
import { problemsOf } from "./problem.ts";
import {
  factsOf,
  isActiveNow,
  isLostAtReboot,
  type Sysctl,
  sysctlChangeSchema,
  sysctlCommand,
  sysctlFacts,
  sysctlGroups,
  sysctlSnippet,
} from "./sysctl.ts";

const sysctl = (name: string, value: string | null, atBoot: string | null = null): Sysctl => ({
  name,
  value,
  readOnly: false,
  atBoot,
});

function checked(name: string, value: unknown): string {
  const parsed = sysctlChangeSchema.safeParse({ name, value });
  if (parsed.success) return parsed.data.value;
  return problemsOf(parsed.error)
    .map(({ code, path }) => `${code} at ${path.join(".")}`)
    .join();
}

describe("what the kernel takes", () => {
  test.each<[string, unknown, string]>([
    ["drop_entry", "3", "3"],
    ["drop_entry", 0, "0"],
    ["drop_entry", " 2 \n", "2"],
    ["drop_entry", "-1", "OUT_OF_RANGE at value"],
    ["drop_entry", "4", "OUT_OF_RANGE at value"],
    ["drop_entry", "1 2", "NOT_A_WHOLE_NUMBER at value"],
    ["drop_entry", null, "REQUIRED at value"],
    ["drop_entry", ["1"], "WRONG_SHAPE at value"],
    // proc_dointvec() reads what starts with 0 as octal.
    ["amemthresh", "0100", "100"],
    ["amemthresh", "-2147483648", "-2147483648"],
    ["amemthresh", "2147483648", "OUT_OF_RANGE at value"],
    ["amemthresh", "1e3", "NOT_A_WHOLE_NUMBER at value"],
    ["cache_bypass", "7", "7"],
    ["sync_ports", "64", "64"],
    ["sync_ports", "6", "NOT_A_POWER_OF_TWO at value"],
    ["sync_ports", "0", "OUT_OF_RANGE at value"],
    ["sync_threshold", "0 1", "0 1"],
    ["sync_threshold", "5\t0", "5 0"],
    ["sync_threshold", "5 5", "SYNC_THRESHOLD_INVALID at value"],
    ["sync_threshold", "-1 5", "OUT_OF_RANGE at value"],
    ["sync_threshold", "1 2 3", "SYNC_THRESHOLD_INVALID at value"],
    ["est_nice", "-20", "-20"],
    ["est_nice", "20", "OUT_OF_RANGE at value"],
    ["est_cpulist", "", ""],
    ["est_cpulist", "0-3,6", "0-3,6"],
    ["est_cpulist", "0-7:2/4", "0-7:2/4"],
    ["est_cpulist", "two", "CPU_LIST_INVALID at value"],
    ["conn_max", "1073741825", "OUT_OF_RANGE at value"],
    // One that only a later kernel knows is the kernel's to check.
    ["brand_new", "whatever it takes", "whatever it takes"],
    ["brand_new", "", "REQUIRED at value"],
    ["brand_new", "\u0001", "WRONG_SHAPE at value"],
    ["Drop_Entry", "1", "WRONG_SHAPE at name"],
    ["../ip_forward", "1", "WRONG_SHAPE at name"],
  ])("%s = %j: %s", (name, value, expected) => {
    expect(checked(name, value)).toBe(expected);
  });

  test.each(Object.entries(sysctlFacts))("%s starts with what it takes", (name, { usual, group }) => {
    expect(sysctlGroups).toContain(group);
    if (usual !== null) expect(checked(name, usual)).toBe(usual);
  });

  test("names that objects have by themselves are no sysctls", () => {
    for (const name of ["constructor", "toString", "__proto__"]) expect(factsOf(name)).toBeNull();
  });
});

describe("automatic defences", () => {
  test("are active now with 2, which is the kernel's own doing", () => {
    expect(isActiveNow(sysctl("drop_entry", "2"))).toBe(true);
    for (const value of ["0", "1", "3", null]) expect(isActiveNow(sysctl("drop_entry", value))).toBe(false);
    expect(isActiveNow(sysctl("sync_retries", "2"))).toBe(false);
  });
});

describe("what goes with the next start", () => {
  test.each<[string, Sysctl, boolean | null]>([
    ["as a kernel starts", sysctl("drop_entry", "0"), false],
    ["set by hand", sysctl("drop_entry", "1"), true],
    ["set by hand, at work now", sysctl("drop_entry", "2"), true],
    ["kept in a file", sysctl("drop_entry", "1", "1"), false],
    ["kept in a file, at work now", sysctl("drop_entry", "2", "1"), false],
    ["another than the file's", sysctl("drop_entry", "0", "1"), true],
    ["a pair, written otherwise", sysctl("sync_threshold", "3 50", "3\t50"), false],
    ["of a machine's own size", sysctl("sync_qlen_max", "5862"), null],
    ["of a machine's own size, in a file", sysctl("sync_qlen_max", "5862", "100"), true],
    ["unknown", sysctl("brand_new", "1"), null],
    ["unreadable", sysctl("drop_entry", null), false],
  ])("%s", (_what, given, lost) => {
    expect(isLostAtReboot(given)).toBe(lost);
  });

  test("is kept by lines for sysctl.d, in which no automatic mode is at work", () => {
    const all = [sysctl("drop_entry", "2"), sysctl("sync_threshold", "5 20"), sysctl("debug_level", null)];
    expect(sysctlSnippet(all)).toBe("net.ipv4.vs.drop_entry = 1\nnet.ipv4.vs.sync_threshold = 5 20");
  });

  test("the command puts words together", () => {
    expect(sysctlCommand("drop_entry", "1")).toBe("sysctl -w net.ipv4.vs.drop_entry=1");
    expect(sysctlCommand("sync_threshold", "5 20")).toBe('sysctl -w net.ipv4.vs.sync_threshold="5 20"');
    expect(sysctlCommand("est_cpulist", "0-3,6")).toBe("sysctl -w net.ipv4.vs.est_cpulist=0-3,6");
  });
});
