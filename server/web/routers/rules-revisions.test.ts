import { afterEach, describe, expect, test, vi } from "vitest";
import { codeOf } from "../web-fixture.ts";
import { other, RulesPeople, rules } from "./rules-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

const people = new RulesPeople();
afterEach(() => {
  vi.useRealTimers();
});

describe("work that takes long", () => {
  const text = Array.from({ length: 3000 }, (_, mark) => `-A -f ${mark + 1} -s rr\n`).join("");
  const jobId = "a-long-job";

  /** Begins to write, and holds the kernel at its second chunk. */
  async function held() {
    const write = people.subject.ipvs.write.bind(people.subject.ipvs);
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const reached = new Promise<void>((resolve) => {
      let calls = 0;
      vi.spyOn(people.subject.ipvs, "write").mockImplementation(async (commands) => {
        if (++calls === 2) {
          resolve();
          await gate;
        }
        return write(commands);
      });
    });
    const { tag } = await people.as("oleg").plan({ text, mode: "run" });
    const written = codeOf(people.as("oleg").write({ text, mode: "run", tag, jobId }));
    await reached;
    return { written, go };
  }

  test("tells how far it is to anyone, until it is over", async () => {
    expect(await people.as("vera").progress({ jobId })).toBeNull();
    const { written, go } = await held();
    const progress = await people.as("vera").progress({ jobId });
    expect(progress).toEqual({ done: expect.any(Number), total: 3000, phase: "writing" });
    expect(progress?.done).toBeGreaterThan(0);
    expect(progress?.done).toBeLessThan(3000);
    go();
    expect(await written).toBe("answered");
    expect(await people.as("vera").progress({ jobId })).toBeNull();
  });

  test("is cancelled by an operator, not by a viewer, and the table is as it was", async () => {
    await people.set(rules);
    const { written, go } = await held();
    expect(await codeOf(people.as("vera").cancel({ jobId }))).toBe("ROLE_TOO_SMALL");
    expect(await people.as("oleg").cancel({ jobId: "another-job" })).toBe(false);
    expect(await people.as("oleg").cancel({ jobId })).toBe(true);
    go();
    expect(await written).toBe("CANCELLED");
    expect(await people.now()).toBe(rules);
    expect(await people.as("oleg").cancel({ jobId })).toBe(false);
    expect(people.audit().at(-1)).toMatchObject({ actor: "oleg", action: "table-change", outcome: "CANCELLED" });
  });
});

describe("a replace that must be confirmed", () => {
  async function armed() {
    await people.set(rules);
    const startedMs = Date.now();
    const { revision, confirmByMs } = await people.write("root", other, "replace", { confirmS: 10, note: "try" });
    if (revision === null || confirmByMs === null) throw new Error("not armed");
    expect(Math.abs(confirmByMs - startedMs - 10_000)).toBeLessThan(5000);
    expect(await people.now()).toBe(other);
    return { revision, confirmByMs };
  }

  test("is told to everybody who asks", async () => {
    expect(await people.as("vera").pending()).toBeNull();
    const { revision, confirmByMs } = await armed();
    expect(await people.as("vera").pending()).toEqual({
      revision,
      by: { name: "root", source: "page", from: "192.0.2.7" },
      note: "try",
      atMs: expect.any(Number),
      confirmBy: confirmByMs,
    });
  });

  test("goes back by itself, whoever has left meanwhile", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { revision } = await armed();
    await vi.advanceTimersByTimeAsync(9000);
    expect(await people.now()).toBe(other);
    await vi.advanceTimersByTimeAsync(1500);
    await vi.waitFor(async () => expect(await people.now()).toBe(rules));
    expect(await people.as("vera").pending()).toBeNull();
    const { revisions } = await people.as("vera").revisions({ beforeId: null, limit: 1 });
    expect(revisions).toMatchObject([{ by: { source: "console" }, undoes: revision }]);
    expect(await people.as("vera").revision({ id: revision })).toMatchObject({ outcome: "put-back", afterText: other });
    expect(await codeOf(people.as("oleg").confirm({ revision }))).toBe("NOT_PENDING");
  });

  test("stays once an operator has confirmed it, which is written down", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { revision } = await armed();
    expect(await codeOf(people.as("vera").confirm({ revision }))).toBe("ROLE_TOO_SMALL");
    expect(await codeOf(people.as("oleg").confirm({ revision: revision + 1 }))).toBe("NOT_PENDING");
    await people.as("oleg").confirm({ revision });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await people.now()).toBe(other);
    expect(await people.as("vera").pending()).toBeNull();
    expect((await people.as("vera").revision({ id: revision })).outcome).toBe("confirmed");
    expect(people.audit().at(-1)).toEqual({
      actor: "oleg",
      action: "table-confirm",
      target: `revision ${revision}`,
      outcome: "done",
    });
  });

  test("goes back at once when an operator says so, who is named", async () => {
    const { revision } = await armed();
    expect(await codeOf(people.as("vera").putBack({ revision }))).toBe("ROLE_TOO_SMALL");
    await people.as("oleg").putBack({ revision });
    expect(await people.now()).toBe(rules);
    expect(await codeOf(people.as("oleg").putBack({ revision }))).toBe("NOT_PENDING");
    const { revisions } = await people.as("vera").revisions({ beforeId: null, limit: 1 });
    expect(revisions).toMatchObject([{ by: { name: "oleg", source: "page" }, undoes: revision }]);
    expect(people.audit().at(-1)).toMatchObject({ actor: "oleg", action: "table-put-back", outcome: "done" });
  });

  test("is one at a time", async () => {
    await armed();
    expect(await codeOf(people.write("root", rules, "replace", { confirmS: 10 }))).toBe("CONFIRM_PENDING");
    expect(await people.now()).toBe(other);
    expect(people.audit().at(-1)).toMatchObject({ action: "table-change", outcome: "CONFIRM_PENDING" });
  });
});

describe("revisions", () => {
  test("newest first, page by page, and the last page says that it is", async () => {
    for (let mark = 1; mark <= 5; mark++)
      await people.write("oleg", `-A -f ${mark} -s rr`, "run", { note: `mark ${mark}` });
    const pages: string[][] = [];
    let beforeId: number | null = null;
    do {
      const page: Awaited<ReturnType<ReturnType<typeof people.as>["revisions"]>> = await people.as("vera").revisions({
        beforeId,
        limit: 2,
      });
      pages.push(page.revisions.map(({ note }) => note ?? ""));
      beforeId = page.olderThanId;
    } while (beforeId !== null);
    expect(pages).toEqual([["mark 5", "mark 4"], ["mark 3", "mark 2"], ["mark 1"]]);
  });

  test("a page that is just full is the last one when there are no more", async () => {
    for (let mark = 1; mark <= 2; mark++) await people.write("oleg", `-A -f ${mark} -s rr`);
    expect((await people.as("vera").revisions({ beforeId: null, limit: 2 })).olderThanId).toBeNull();
    expect((await people.as("vera").revisions({ beforeId: null, limit: 1 })).olderThanId).toEqual(expect.any(Number));
    expect(await people.as("vera").revisions({ beforeId: 1, limit: 200 })).toEqual({
      revisions: [],
      olderThanId: null,
    });
  });

  test("one that is not there: NO_SUCH_REVISION; a page that is too large is not asked for", async () => {
    expect(await codeOf(people.as("vera").revision({ id: 77 }))).toBe("NO_SUCH_REVISION");
    expect(await codeOf(people.as("vera").revisions({ beforeId: null, limit: 201 }))).toBe("BAD_REQUEST");
  });
});

describe("boot rules", () => {
  test("are saved by an admin, and say how far the table has gone since", async () => {
    await people.set(rules);
    expect(await people.as("vera").boot()).toEqual({ savedAtMs: null, drift: null, text: null });
    expect(await codeOf(people.as("oleg").saveBoot(null))).toBe("ROLE_TOO_SMALL");
    expect(await people.as("root").saveBoot(null)).toMatchObject({ drift: { added: 0, removed: 0 }, text: rules });
    expect(people.audit().at(-1)).toMatchObject({
      actor: "root",
      action: "boot-save",
      target: "boot.rules",
      outcome: "done",
    });
    await people.write("oleg", "-A -f 7 -s rr\n-D -t 192.0.2.10:80\n");
    expect(await people.as("vera").boot()).toMatchObject({ drift: { added: 1, removed: 2 }, text: rules });
  });
});
