import { describe, expect, test, vi } from "vitest";
import type { PlanMode } from "#domain/rules/plan";
import { mostTold } from "#domain/rules-exchange";
import { mark4, spec } from "#server/director/contract/samples";
import { refused } from "../people/people-fixture.ts";
import { codeOf } from "../web-fixture.ts";
import { other, RulesPeople, rules } from "./rules-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

const people = new RulesPeople();

describe("text and plan", () => {
  test("are a viewer's: the table as text, and what a text would do", async () => {
    await people.set(rules);
    expect(await people.as("vera").text()).toEqual({ text: rules, tag: expect.any(String), services: 1, servers: 1 });
    const plan = await people.as("vera").plan({ text: other, mode: "replace" });
    expect(plan).toMatchObject({
      needs: "admin",
      before: rules,
      after: other,
      counts: { "edit-service": 1, "remove-server": 1, "add-service": 1 },
      tag: (await people.as("vera").text()).tag,
    });
    expect(await people.now()).toBe(rules);
    expect(people.audit()).toHaveLength(1);
  });

  test("a plan of many changes is bounded, its counts are not", async () => {
    const text = Array.from({ length: 3000 }, (_, mark) => `-A -f ${mark + 1} -s rr\n`).join("");
    const plan = await people.as("oleg").plan({ text, mode: "run" });
    expect([plan.changes.length, plan.counts["add-service"]]).toEqual([mostTold, 3000]);
    // What is shown in part is done whole.
    expect((await people.write("oleg", text)).changes).toBe(3000);
    expect((await people.as("vera").text()).services).toBe(3000);
  });
});

describe("write", () => {
  test("by an operator: done, with who, why and from where, and how the page gets at its revision", async () => {
    const applied = await people.write("oleg", rules, "run", { note: "  two more " });
    expect(applied).toEqual({ changes: 2, revision: expect.any(Number), confirmByMs: null });
    expect(await people.now()).toBe(rules);
    expect(await people.as("vera").revision({ id: applied.revision ?? 0 })).toMatchObject({
      by: { name: "oleg", source: "page", from: "192.0.2.7" },
      note: "two more",
      outcome: "done",
      beforeText: "",
      afterText: rules,
    });
    expect(people.audit()).toEqual([{ actor: "oleg", action: "table-change", target: "2 changes", outcome: "done" }]);
  });

  test.each<[string, PlanMode]>([
    [other, "replace"],
    ["", "replace"],
    ["-C", "run"],
    ["--stop-daemon backup", "run"],
    ["--start-daemon backup --mcast-interface eth0", "merge"],
  ])("%j, %s: no operator's, which is written down; an admin's with a password that is not old", async (text, mode) => {
    await people.set(rules);
    expect(await codeOf(people.write("vera", text, mode))).toBe("ROLE_TOO_SMALL");
    expect(await refused(people.write("oleg", text, mode).catch(({ cause }) => Promise.reject(cause)))).toMatchObject({
      code: "ROLE_TOO_SMALL",
      params: { role: "admin" },
    });
    expect(people.audit().slice(1)).toEqual([
      { actor: "vera", action: "access", target: "rules.write", outcome: "ROLE_TOO_SMALL" },
      { actor: "oleg", action: "access", target: "rules.write", outcome: "ROLE_TOO_SMALL" },
    ]);
    people.passwordIsOld();
    expect(await codeOf(people.write("root", text, mode))).toBe("PASSWORD_NEEDED");
    expect(await people.now()).toBe(rules);
    people.cookies.root = await people.at.logIn("root");
    expect(["answered", "DAEMON_NOT_RUNNING"]).toContain(await codeOf(people.write("root", text, mode)));
  });

  test("what an operator may is done with an old password too", async () => {
    people.passwordIsOld();
    for (const name of ["oleg", "root"] as const) {
      expect(await codeOf(people.write(name, "-A -f 7 -s rr\n-Z\n", "merge"))).toBe("answered");
      expect(await codeOf(people.write(name, "-C\n", "merge"))).toBe("answered");
    }
    expect(await people.now()).toBe("-A -f 7 -s rr\n");
  });

  test("CONFLICT when the table is not the one that was planned for: before it is read again, and after", async () => {
    await people.set(rules);
    const { tag } = await people.as("oleg").text();
    await people.subject.outside([{ command: "new-service", service: mark4, spec: spec() }]);
    expect(await codeOf(people.write("oleg", "-A -f 9 -s rr", "run", { tag }))).toBe("CONFLICT");

    const { director } = people.subject;
    const apply = director.apply.bind(director);
    vi.spyOn(director, "apply").mockImplementationOnce(async (changes, options) => {
      await people.subject.outside([{ command: "delete-service", service: mark4 }]);
      return apply(changes, options);
    });
    expect(await codeOf(people.write("oleg", "-A -f 9 -s rr"))).toBe("CONFLICT");
    expect(await people.now()).toBe(rules);
    expect(people.audit().map(({ outcome }) => outcome)).toEqual(["done", "CONFLICT", "CONFLICT"]);
  });

  test("of two who write at once what they planned for the same table, one gets CONFLICT", async () => {
    const { tag } = await people.as("root").text();
    const codes = await Promise.all([
      codeOf(people.write("root", rules, "replace", { tag })),
      codeOf(people.write("oleg", "-A -f 9 -s rr", "run", { tag })),
    ]);
    expect(codes.toSorted()).toEqual(["CONFLICT", "answered"]);
    expect(await people.now()).toBe(codes[0] === "answered" ? rules : "-A -f 9 -s rr\n");
  });

  test.each([
    ["what the plan refuses", `-A -f 7 -s rr\n${rules}`, "SERVICE_EXISTS", { line: 2 }],
    ["what the kernel refuses", "-A -f 7 -s rr\n\n-A -f 8 -s twos\n", "NO_SUCH_SCHEDULER_OR_ENGINE", { line: 3 }],
    ["lines that are no rules", "-A -f 7 -s rr\n-A\n-x\n", "INVALID", { lines: 2 }],
  ])("%s: the code, where it stands, and the table as it was", async (_, text, code, params) => {
    await people.set(rules);
    const refusal = await refused(people.write("oleg", text).catch(({ cause }) => Promise.reject(cause)));
    expect(refusal).toMatchObject({ code, params });
    expect(await people.now()).toBe(rules);
    expect(people.audit().at(-1)).toMatchObject({ actor: "oleg", action: "table-change", outcome: code });
  });

  test("of a text that the table is like already nothing is remembered", async () => {
    await people.set(rules);
    const before = [await people.as("vera").revisions({ beforeId: null, limit: 9 }), people.audit()];
    expect(await people.write("root", rules, "replace", { confirmS: 60 })).toEqual({
      changes: 0,
      revision: null,
      confirmByMs: null,
    });
    expect(await people.as("vera").pending()).toBeNull();
    expect([await people.as("vera").revisions({ beforeId: null, limit: 9 }), people.audit()]).toEqual(before);
  });

  test.each([[{ confirmS: 9 }], [{ confirmS: 3601 }], [{ note: "x".repeat(501) }], [{ tag: "x".repeat(101) }]])(
    "does not take %j",
    async (more) => {
      expect(await codeOf(people.write("root", rules, "replace", more))).not.toBe("answered");
      expect(await people.now()).toBe("");
    },
  );
});
