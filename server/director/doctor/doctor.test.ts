import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkIds, findingCodes, verdicts } from "#domain/doctor";
import { DirectorError } from "#domain/errors";
import messages from "../../../messages/en.json" with { type: "json" };
import type { Check } from "./check.ts";
import { checks } from "./checks.ts";
import { Doctor } from "./doctor.ts";
import { findingsOf, translate } from "./host-fixture.ts";
import { HostFault } from "./host-reader.ts";
import { MadeUpHost } from "./made-up-host.ts";
import { shellWord, sysctlCommand } from "./words.ts";

const source = {
  table: async () => [],
  daemons: async () => [],
  status: async () => ({ fullnat: false }),
  timeouts: async () => ({ tcpS: 900, tcpFinS: 120, udpS: 300 }),
  localAddresses: async () => [],
};

const checkOf = (run: Check["run"]): Check => ({ id: "arp", reads: ["/proc/x"], link: "/director", run });

function doctorWith(run: Check["run"], more: { patienceMs?: number; monotonicMs?: () => number } = {}): Doctor {
  return new Doctor({ source, host: () => new MadeUpHost({}), checks: [checkOf(run)], wallMs: () => 5, ...more });
}

describe("the doctor", () => {
  test("makes of an outcome a finding with what the check says of itself", async () => {
    const doctor = doctorWith(() => ({ verdict: "ok", code: "ARP_NOT_NEEDED" }));
    expect(await doctor.report()).toEqual({
      atMs: 5,
      findings: [
        {
          check: "arp",
          verdict: "ok",
          code: "ARP_NOT_NEEDED",
          params: {},
          reads: ["/proc/x"],
          commands: [],
          link: "/director",
        },
      ],
    });
  });

  test.each([
    ["throws", () => Promise.reject(new TypeError("bad\x1b[2J")), "CHECK_FAILED", { detail: "bad?[2J" }],
    ["throws nothing in particular", () => Promise.reject(undefined), "CHECK_FAILED", { detail: "undefined" }],
    [
      "may not read",
      () => Promise.reject(new HostFault("denied", "/proc/x", "EACCES")),
      "NOT_READABLE",
      { path: "/proc/x", detail: "EACCES" },
    ],
    [
      "finds a file too long",
      () => Promise.reject(new HostFault("too-large", "/proc/x", "long")),
      "TOO_LARGE",
      { path: "/proc/x" },
    ],
    ["takes too long", () => new Promise<never>(() => {}), "TOOK_TOO_LONG", { seconds: 0.02 }],
  ])("a check that %s is unknown, with the reason", async (_what, run, code, params) => {
    const { findings } = await doctorWith(run, { patienceMs: 20 }).report();
    expect(findings).toEqual([
      { check: "arp", verdict: "unknown", code, params, reads: ["/proc/x"], commands: [], link: null },
    ]);
  });

  test("looks once for all who ask within two seconds, and then again", async () => {
    let nowMs = 0;
    let looks = 0;
    const run: Check["run"] = () => {
      looks += 1;
      return { verdict: "ok", code: "ARP_NOT_NEEDED" };
    };
    const doctor = doctorWith(run, { monotonicMs: () => nowMs });
    await Promise.all([doctor.report(), doctor.report()]);
    nowMs = 1999;
    await doctor.report();
    expect(looks).toBe(1);
    nowMs = 2000;
    await doctor.report();
    expect(looks).toBe(2);
  });

  test("begins no second look while one that takes long is under way", async () => {
    let nowMs = 0;
    let looks = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const run: Check["run"] = async () => {
      looks += 1;
      await promise;
      return { verdict: "ok", code: "ARP_NOT_NEEDED" };
    };
    const doctor = doctorWith(run, { monotonicMs: () => nowMs });
    const asked = [doctor.report()];
    for (nowMs = 3000; nowMs < 9000; nowMs += 3000) asked.push(doctor.report());
    resolve();
    await Promise.all(asked);
    expect(looks).toBe(1);
    await doctor.report();
    expect(looks).toBe(2);
  });

  test("looks for managers once in 30 s", async () => {
    let nowMs = 0;
    const files: Record<string, string> = { "/proc/7/comm": "keepalived\n" };
    const doctor = new Doctor({ source, host: () => new MadeUpHost({ ...files }), monotonicMs: () => nowMs });
    expect(await doctor.managers()).toEqual([{ manager: "keepalived", evidence: "/proc/7/comm", here: true }]);
    delete files["/proc/7/comm"];
    nowMs = 29_999;
    expect(await doctor.managers()).toHaveLength(1);
    nowMs = 30_000;
    expect(await doctor.managers()).toEqual([]);
  });

  test("goes on when IPVS refuses: what needs the table says so", async () => {
    const refusal = new DirectorError("NOT_PERMITTED");
    expect(await findingsOf("usable-servers", { refusal })).toMatchObject([
      { verdict: "unknown", code: "NO_TABLE", params: { refusal: "NOT_PERMITTED" } },
    ]);
    expect(await findingsOf("conntrack-table", { refusal })).toMatchObject([{ verdict: "ok" }]);
  });
});

describe("the catalogue", () => {
  test("has every check once, in the order of its ids", () => {
    expect(checks.map(({ id }) => id)).toEqual(checkIds);
  });

  test("has a title and a reason for each check, a sentence for each code, and none else", () => {
    expect(Object.keys(messages.doctor.check)).toEqual(checkIds);
    expect(Object.keys(messages.doctor.finding).sort()).toEqual([...findingCodes].sort());
    expect(Object.keys(messages.doctor.verdict)).toEqual([...verdicts]);
    for (const id of checkIds) {
      expect(translate(`doctor.check.${id}.title`)).toMatch(/^[A-Z].*[^.]$/);
      expect(translate(`doctor.check.${id}.why`)).toMatch(/^[A-Z].*\.$/);
    }
    for (const sentence of Object.values(messages.doctor.finding)) expect(sentence).toMatch(/[.}]$/);
  });
});

test("the README's table has every check", () => {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const section = readme.split("\n## Doctor\n")[1]?.split("\n## ")[0] ?? "";
  expect([...section.matchAll(/^\| `([\w-]+)` \| \S/gm)].map(([, id]) => id)).toEqual(checkIds);
});

describe("commands", () => {
  test.each([
    ["eth0.100", "eth0.100"],
    ["e$(x)", "'e$(x)'"],
    ["it's", "'it'\\''s'"],
    ["a\nb", "$'\\x61\\x0a\\x62'"],
  ])("%j is a word of its own", (text, word) => {
    expect(shellWord(text)).toBe(word);
  });

  test("a sysctl has its usual name, and slashes where an interface has a dot", () => {
    expect(sysctlCommand("/proc/sys/net/ipv4/ip_forward", 1)).toBe("sysctl -w net.ipv4.ip_forward=1");
    expect(sysctlCommand("/proc/sys/net/ipv4/conf/e;1/rp_filter", 0)).toBe("sysctl -w 'net.ipv4.conf.e;1.rp_filter=0'");
    expect(sysctlCommand("/proc/sys/net/ipv4/conf/eth0.1/rp_filter", 0)).toBe(
      "sysctl -w net/ipv4/conf/eth0.1/rp_filter=0",
    );
  });
});
