import { describe, expect, test, vi } from "vitest";
import { DirectorError } from "#domain/errors";
import type { ServerRow } from "#domain/table";
import { IpvsFault } from "#server/director/ipvs";
import { ProcessMemory } from "#server/director/process-memory";
import { frame, server, service } from "../mirror-fixture.ts";
import { codeOf } from "../web-fixture.ts";
import { RulesPeople, rules } from "./rules-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

const people = new RulesPeople();
const as = (name: "root" | "oleg" | "vera") => people.caller(name).director;
const lines = (): Record<string, unknown>[] =>
  people.at
    .raw()
    .prepare(
      "SELECT actor, action, target, outcome, before, after FROM audit WHERE action IN ('table-change', 'sysctl-set')",
    )
    .all()
    .map(({ before, after, ...line }) => ({
      ...line,
      before: JSON.parse(String(before)),
      after: JSON.parse(String(after)),
    }));

describe("timeouts", () => {
  test("are set by an operator, what is 0 stays, and both are written down", async () => {
    expect(await as("oleg").setTimeouts({ tcpS: 1000, tcpFinS: 0, udpS: 77 })).toEqual({
      tcpS: 1000,
      tcpFinS: 120,
      udpS: 77,
    });
    expect(await as("vera").timeouts()).toEqual({ tcpS: 1000, tcpFinS: 120, udpS: 77 });
    expect(lines()).toMatchObject([
      {
        ...{ actor: "oleg", target: "timeouts", outcome: "done" },
        before: [{ row: "timeouts", timeouts: { tcpS: 900, tcpFinS: 120, udpS: 300 } }],
        after: [{ row: "timeouts", verb: "set-timeouts", timeouts: { tcpS: 1000, tcpFinS: 0, udpS: 77 } }],
      },
    ]);
  });

  test("beyond what the kernel counts are its refusal, by name", async () => {
    vi.spyOn(people.subject.ipvs, "setTimeouts").mockRejectedValue(
      new IpvsFault({ code: "EINVAL", errno: 22, message: "" }, "set-timeouts"),
    );
    expect(await codeOf(as("oleg").setTimeouts({ tcpS: 2_678_400, tcpFinS: 0, udpS: 0 }))).toBe("TIMEOUT_TOO_LONG");
    expect(lines()).toMatchObject([{ target: "timeouts", outcome: "TIMEOUT_TOO_LONG" }]);
  });
});

describe("the whole table", () => {
  test("is cleared by an admin who gave the password, and its revision has all of it", async () => {
    await people.set(rules);
    people.passwordIsOld();
    expect(await codeOf(as("root").clear(null))).toBe("PASSWORD_NEEDED");
    expect(await people.now()).toBe(rules);
    people.at.raw().prepare("UPDATE session SET provedAt = ?").run(Date.now());
    const { revision } = await as("root").clear(null);
    expect(await people.now()).toBe("");
    const kept = await people.as("vera").revision({ id: revision ?? 0 });
    expect([kept.beforeText, kept.afterText, kept.by.name]).toEqual([rules, "", "root"]);
    expect(lines().at(-1)).toMatchObject({ actor: "root", target: "table", outcome: "done" });
  });

  test("stays when the way back cannot be kept", async () => {
    await people.set(rules);
    const begin = vi.spyOn(ProcessMemory.prototype, "begin").mockRejectedValue(new DirectorError("STORE_FAILED"));
    expect(await codeOf(as("root").clear(null))).toBe("STORE_FAILED");
    begin.mockRestore();
    expect(await people.now()).toBe(rules);
  });

  test("has its counters set to zero by an operator, all or a service's", async () => {
    await people.set(rules);
    await people.subject.traffic({ kind: "address", protocol: "tcp", address: "192.0.2.10", port: 80 });
    const counted = async () => BigInt((await people.subject.director.table())[0]?.counters.connections ?? 0);
    const before = await counted();
    expect((await as("oleg").zero({ id: "tcp:192.0.2.10:80" })).revision).not.toBeNull();
    expect(await counted()).toBeLessThan(before);
    await as("oleg").zero({ id: null });
    expect(
      lines()
        .slice(-2)
        .map(({ target }) => target),
    ).toEqual(["tcp:192.0.2.10:80", "counters"]);
    expect(await codeOf(as("oleg").zero({ id: "tcp:192.0.2.99:80" }))).toBe("NO_SUCH_SERVICE");
    expect(await codeOf(as("oleg").zero({ id: "nonsense" }))).toBe("NO_SUCH_SERVICE");
  });
});

describe("synchronisation daemons", () => {
  const master = { role: "master", interface: "eth0", syncId: "7", ttl: "" } as const;

  test("are started and stopped by an admin, and both are written down", async () => {
    const running = {
      role: "master",
      interface: "eth0",
      syncId: 7,
      maxLength: 1472,
      group: "224.0.0.81",
      port: 8848,
      ttl: 1,
    };
    expect(await as("root").startDaemon(master)).toEqual([running]);
    expect(await codeOf(as("root").startDaemon(master))).toBe("DAEMON_RUNNING");
    expect(await as("root").stopDaemon({ role: "master" })).toEqual([]);
    expect(lines()).toMatchObject([
      { target: "sync daemon master", outcome: "done", before: [{ daemon: null }], after: [{ daemon: { syncId: 7 } }] },
      { target: "sync daemon master", outcome: "DAEMON_RUNNING" },
      { target: "sync daemon master", outcome: "done", before: [{ daemon: running }], after: [{ role: "master" }] },
    ]);
  });

  test("come with the interfaces to choose from, and the services that keep them from starting", async () => {
    const six = server(2, 1) as ServerRow;
    const rows = [service(2), { ...six, spec: { ...six.spec, address: "2001:db8::1" } }, service(4), server(4, 1)];
    Object.assign(people.subject.director, {
      samples: async function* () {
        yield frame(rows);
      },
    });
    const ground = await as("vera").syncGround();
    expect(ground.interfaces.map(({ name }) => name)).toEqual(["eth0", "eth1", "lo"]);
    expect(ground.mixed).toEqual({ count: 1, service: service(2).id });
  });
});

describe("sysctls", () => {
  test("are seen by all, set by an admin, and written down with what they were", async () => {
    expect((await as("vera").sysctls()).find(({ name }) => name === "conntrack")?.value).toBe("0");
    expect(await as("root").setSysctl({ name: "conntrack", value: "1" })).toMatchObject({ value: "1" });
    expect(await codeOf(as("root").setSysctl({ name: "no_such", value: "1" }))).toBe("NO_SUCH_SYSCTL");
    expect(await codeOf(as("root").setSysctl({ name: "drop_entry", value: "9" }))).toBe("BAD_REQUEST");
    expect(lines()).toMatchObject([
      {
        actor: "root",
        action: "sysctl-set",
        target: "conntrack",
        outcome: "done",
        before: { value: "0" },
        after: { value: "1" },
      },
      { action: "sysctl-set", target: "no_such", outcome: "NO_SUCH_SYSCTL", before: { value: null } },
    ]);
  });

  test("and timeouts that are not what was seen any more stay, which is written down", async () => {
    const seen = await as("oleg").timeouts();
    await people.subject.director.setTimeouts({ ...seen, tcpS: 901 });
    expect(await codeOf(as("oleg").setTimeouts({ ...seen, udpS: 5, expected: seen }))).toBe("CONFLICT");
    expect(await as("vera").timeouts()).toEqual({ ...seen, tcpS: 901 });
    expect(await codeOf(as("root").setSysctl({ name: "conntrack", value: "1", expected: "7" }))).toBe("CONFLICT");
    expect((await as("vera").sysctls()).find(({ name }) => name === "conntrack")?.value).toBe("0");
    expect(lines()).toMatchObject([
      { target: "timeouts", outcome: "CONFLICT", before: [{ timeouts: { tcpS: 901 } }] },
      { target: "conntrack", outcome: "CONFLICT", before: { value: "0" }, after: { value: "1" } },
    ]);
  });
});
