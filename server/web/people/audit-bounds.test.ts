import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Doer, doerOf } from "./actor.ts";
import { Audit, type AuditLimits, type AuditLine } from "./audit.ts";
import { PeopleDatabase } from "./database.ts";
import { caller, refused, type TestPeople, testPeople } from "./people-fixture.ts";

vi.mock("./passwords.ts", async (original) => ({
  ...(await original<typeof import("./passwords.ts")>()),
  hashPassword: (await import("./people-fixture.ts")).cheapHash,
}));

const day = 86_400_000;
const roomy: AuditLimits = { ageMs: 400 * day, lines: 1_000_000, bytes: 1_000_000_000 };
const ann: Doer = { kind: "user", name: "ann", from: "192.0.2.7" };
const stranger = doerOf(null, "203.0.113.66");

let at: TestPeople;
let database: PeopleDatabase;
let now: number;
beforeEach(async () => {
  at = testPeople();
  database = new PeopleDatabase(at.folder, false, at.log);
  now = Date.UTC(2026, 0, 1);
  await at.people.users.exist();
});
afterEach(async () => {
  await database.close();
  await at.close();
});

const auditWith = (limits: Partial<AuditLimits> = {}) =>
  new Audit(database, at.log, { ...roomy, ...limits }, () => now);

/** Writes `count` lines a minute apart; line n has the target "n". */
async function fill(audit: Audit, count: number, line: Partial<AuditLine> = {}): Promise<void> {
  for (let n = 1; n <= count; n++) {
    await audit.write({ doer: ann, action: "table-change", target: String(n), ...line });
    now += 60_000;
  }
}

const rows = () =>
  at.raw().prepare("SELECT id, target FROM audit ORDER BY id").all() as { id: number; target: string }[];

describe("bounds", () => {
  test("by age: the oldest go", async () => {
    const audit = auditWith({ ageMs: 60_000 * 150 });
    await fill(audit, 400);
    const kept = rows();
    expect(kept.length).toBeGreaterThanOrEqual(150);
    expect(kept.length).toBeLessThanOrEqual(150 + 100);
    expect(kept.at(-1)?.target).toBe("400");
    expect(kept[0]?.target).toBe(String(400 - kept.length + 1));
  });

  test("by age also when the clock was wrong for a while", async () => {
    const audit = auditWith({ ageMs: 60_000 * 150 });
    await fill(audit, 120);
    now += 1000 * day;
    await fill(audit, 3, { target: "from the future" });
    now -= 1000 * day;
    await fill(audit, 300);
    // What stands before the line from the future is old; that line is not, and hides what came after it until its time.
    expect(rows()[0]?.target).toBe("from the future");
    expect(at.logged()).toBe("");
    now += 1001 * day;
    await fill(audit, 101);
    expect(rows().length).toBeLessThanOrEqual(102);
  });

  test("by lines, a tenth at a time", async () => {
    const audit = auditWith({ lines: 200 });
    await fill(audit, 1000);
    expect(rows().length).toBeGreaterThanOrEqual(180);
    expect(rows().length).toBeLessThanOrEqual(300);
    expect(rows().at(-1)?.target).toBe("1000");
  });

  test("by bytes, also when one of many lines is large", async () => {
    const bytes = 1_000_000;
    const audit = auditWith({ bytes });
    await fill(audit, 500);
    await fill(audit, 110, { after: "x".repeat(20_000) });
    const { size } = at
      .raw()
      .prepare("SELECT sum(length(before) + length(after) + length(target)) AS size FROM audit")
      .get() as { size: number };
    const all = at.raw().prepare("SELECT sum(bytes) AS size FROM audit").get() as { size: number };
    expect(size ?? 0).toBeLessThan(bytes);
    // What comes until the next look is on top: at most 100 lines.
    expect(all.size).toBeLessThan(bytes + 10 * 21_000);
    expect(rows().at(-1)?.target).toBe("110");
  });
});

describe("refusals", () => {
  const turnedAway = { doer: stranger, action: "access", target: "people.add", outcome: "NOT_LOGGED_IN" } as const;

  test("the same one again within a minute is no new line", async () => {
    const audit = auditWith();
    for (let i = 0; i < 59; i++) {
      await audit.writeRefusal(turnedAway);
      now += 1000;
    }
    expect(rows()).toHaveLength(1);
    now += 2000;
    await audit.writeRefusal(turnedAway);
    await audit.writeRefusal({ ...turnedAway, target: "people.remove" });
    await audit.writeRefusal({ ...turnedAway, doer: ann, outcome: "ROLE_TOO_SMALL" });
    expect(rows()).toHaveLength(4);
  });

  test("from another address of the same /64 it is the same one", async () => {
    const audit = auditWith();
    for (let i = 1; i <= 50; i++) {
      await audit.writeRefusal({ ...turnedAway, doer: doerOf(null, `2001:db8:1:2:${i.toString(16)}::1`) });
    }
    await audit.writeRefusal({ ...turnedAway, doer: doerOf(null, "2001:db8:1:3::1") });
    expect(rows()).toHaveLength(2);
  });
});

describe("who floods the record", () => {
  test("by trying on although told to wait is one line a minute", async () => {
    await at.addUser("ann");
    const tries = Array.from({ length: 60 }, () =>
      refused(at.people.sessions.logIn("ann", "not the password", caller())),
    );
    await Promise.all(tries);
    const outcomes = at
      .raw()
      .prepare("SELECT outcome, count(*) AS n FROM audit WHERE action = 'log-in' GROUP BY 1")
      .all();
    expect(outcomes).toEqual([
      { outcome: "TOO_MANY_TRIES", n: 1 },
      { outcome: "WRONG_CREDENTIALS", n: 10 },
    ]);
  });

  test("pushes nothing out of it: refusals beyond 500 an hour stand in the log", async () => {
    const audit = auditWith();
    await audit.write({ doer: ann, action: "user-add", target: "done" });
    const flood = async () => {
      for (let i = 0; i < 600; i++)
        await audit.write({
          doer: doerOf(null, `203.0.113.${i % 250}`),
          action: "log-in",
          target: "",
          outcome: "WRONG_CREDENTIALS",
        });
    };
    await flood();
    expect(rows()).toHaveLength(501);
    expect(at.logged().match(/beyond those that the audit keeps/g)).toHaveLength(100);
    await audit.write({ doer: ann, action: "user-remove", target: "done, too" });
    expect(rows()).toHaveLength(502);
    now += 3_600_000;
    await flood();
    expect(rows()).toHaveLength(1002);
  });
});
