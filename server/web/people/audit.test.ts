import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type AuditQuery, auditQuerySchema } from "#domain/audit";
import { type Doer, doerOf } from "./actor.ts";
import { Audit, type AuditLimits, type AuditLine } from "./audit.ts";
import { PeopleDatabase } from "./database.ts";
import { type TestPeople, testPeople } from "./people-fixture.ts";

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

const query = (given: Partial<AuditQuery> = {}) => auditQuerySchema.parse(given);
const targets = async (audit: Audit, given: Partial<AuditQuery> = {}) =>
  (await audit.page(query(given))).entries.map(({ target }) => target);
const rows = () =>
  at.raw().prepare("SELECT id, target FROM audit ORDER BY id").all() as { id: number; target: string }[];

describe("the record is append-only for whoever opens the file", () => {
  test.each([
    ["UPDATE audit SET actor = 'bob' WHERE id = 3", "never changed"],
    ["UPDATE audit SET id = 100 WHERE id = 1", "never changed"],
    ["DELETE FROM audit WHERE id = 3", "only the oldest"],
    ["DELETE FROM audit WHERE id > 1", "only the oldest"],
    ["DELETE FROM audit WHERE actor = 'ann' AND target <> '1'", "only the oldest"],
    [
      "REPLACE INTO audit SELECT id, at, actor_kind, 'bob', address, action, target, outcome, before, after, bytes FROM audit WHERE id = 3",
      "never changed",
    ],
    ["INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE id = 5", "never changed"],
    [
      "INSERT INTO audit SELECT 3, at, actor_kind, 'bob', address, action, target, outcome, before, after, bytes FROM audit WHERE true ON CONFLICT (id) DO UPDATE SET actor = 'bob'",
      "never changed",
    ],
    [
      "INSERT INTO audit SELECT 2, at, actor_kind, 'bob', address, action, target, outcome, before, after, bytes FROM audit WHERE id = 5",
      "never changed",
    ],
  ])("%s", async (sql, message) => {
    await fill(auditWith(), 5);
    const before = at.raw().prepare("SELECT * FROM audit").all();
    expect(() => at.raw().exec(sql)).toThrow(message);
    expect(at.raw().prepare("SELECT * FROM audit").all()).toEqual(before);
  });

  test("a line that went cannot be put back in its place", async () => {
    await fill(auditWith(), 5);
    const raw = at.raw();
    raw.exec("DELETE FROM audit WHERE id <= 2");
    const back =
      "INSERT INTO audit SELECT 2, at, actor_kind, 'bob', address, action, target, outcome, before, after, bytes FROM audit WHERE id = 3";
    expect(() => raw.exec(back)).toThrow("never changed");
    await auditWith().write({ doer: ann, action: "log-out", target: "later" });
    expect(rows().map(({ id }) => id)).toEqual([3, 4, 5, 6]);
  });
});

describe("what a line holds", () => {
  test("who, from where, what, with what outcome, before and after", async () => {
    const audit = auditWith();
    await audit.write({
      doer: ann,
      action: "user-role",
      target: "bob",
      before: { role: "viewer" },
      after: { role: "admin" },
    });
    await audit.write({ doer: stranger, action: "log-in", target: "", outcome: "WRONG_CREDENTIALS" });
    expect(await audit.page(query())).toEqual({
      entries: [
        {
          id: 2,
          atMs: now,
          actorKind: "nobody",
          actor: "",
          from: "203.0.113.66",
          action: "log-in",
          target: "",
          outcome: "WRONG_CREDENTIALS",
          before: null,
          after: null,
        },
        {
          id: 1,
          atMs: now,
          actorKind: "user",
          actor: "ann",
          from: "192.0.2.7",
          action: "user-role",
          target: "bob",
          outcome: "done",
          before: { role: "viewer" },
          after: { role: "admin" },
        },
      ],
      olderThanId: null,
    });
  });

  test("long values as their beginning and their length, long targets cut", async () => {
    const audit = auditWith();
    const after = Array.from({ length: 5000 }, (_, n) => `service ${n} "quoted" ü`);
    await audit.write({ doer: ann, action: "table-change", target: "x".repeat(2000), after });
    const [entry] = (await audit.page(query())).entries;
    expect(entry?.target).toHaveLength(500);
    const kept = entry?.after as { beginning: string; characters: number };
    expect(kept.characters).toBe(JSON.stringify(after).length);
    expect(JSON.stringify(after).startsWith(kept.beginning)).toBe(true);
    expect(kept.beginning).toHaveLength(32 * 1024);
  });

  test("what cannot be written as JSON does not stop what was audited", async () => {
    const audit = auditWith();
    const circle: Record<string, unknown> = {};
    circle["itself"] = circle;
    await audit.write({ doer: ann, action: "table-change", target: "1", after: { counter: 1n } });
    await audit.write({ doer: ann, action: "table-change", target: "2", before: circle });
    expect(await targets(audit)).toEqual(["2", "1"]);
  });
});

describe("reading", () => {
  test("newest first, page by page, each line once", async () => {
    const audit = auditWith();
    await fill(audit, 25);
    const seen: string[] = [];
    let beforeId: number | null = null;
    let pages = 0;
    do {
      const page = await audit.page(query({ limit: 10, beforeId }));
      seen.push(...page.entries.map(({ target }) => target));
      beforeId = page.olderThanId;
      pages++;
      // What is written meanwhile does not move the pages.
      await audit.write({ doer: ann, action: "log-out", target: "meanwhile" });
    } while (beforeId !== null);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => String(25 - n)));
    expect(pages).toBe(3);
    expect((await audit.page(query({ limit: 10, action: "table-change", beforeId: 11 }))).olderThanId).toBeNull();
  });

  test("all at once, in pages", async () => {
    const audit = auditWith();
    await fill(audit, 450);
    const seen: string[] = [];
    for await (const { target } of audit.all(query({ actor: "ann" }))) seen.push(target);
    expect(seen).toEqual(Array.from({ length: 450 }, (_, n) => String(450 - n)));
  });

  test("by who, what, outcome and time, and by all of them", async () => {
    const audit = auditWith();
    const started = now;
    await audit.write({ doer: ann, action: "log-in", target: "1" });
    now += 1000;
    await audit.write({ doer: ann, action: "log-in", target: "2", outcome: "WRONG_CREDENTIALS" });
    now += 1000;
    await audit.write({ doer: { ...ann, name: "anna" }, action: "log-out", target: "3" });
    now += 1000;
    await audit.write({ doer: stranger, action: "access", target: "4", outcome: "NOT_LOGGED_IN" });
    expect(await targets(audit, { actor: "ann" })).toEqual(["2", "1"]);
    expect(await targets(audit, { actor: "ANN" })).toEqual([]);
    expect(await targets(audit, { action: "log-in" })).toEqual(["2", "1"]);
    expect(await targets(audit, { outcome: "done" })).toEqual(["3", "1"]);
    expect(await targets(audit, { outcome: "refused" })).toEqual(["4", "2"]);
    expect(await targets(audit, { sinceMs: started + 1000 })).toEqual(["4", "3", "2"]);
    expect(await targets(audit, { untilMs: started + 1000 })).toEqual(["2", "1"]);
    expect(
      await targets(audit, { sinceMs: started + 1000, untilMs: started + 2000, actor: "ann", outcome: "refused" }),
    ).toEqual(["2"]);
    expect(await targets(audit, { sinceMs: started + 1, untilMs: started })).toEqual([]);
  });

  test("by text as it is written, in who, where and what", async () => {
    const audit = auditWith();
    const odd = ["100%", "a_b", "it's", 'say "x"', "back\\slash", "tcp:[2001:DB8::1]:80", "semi;colon --", "a*b?"];
    for (const target of odd) await audit.write({ doer: ann, action: "table-change", target });
    for (const target of odd) expect(await targets(audit, { text: target })).toEqual([target]);
    expect(await targets(audit, { text: "%" })).toEqual(["100%"]);
    expect(await targets(audit, { text: "_" })).toEqual(["a_b"]);
    expect(await targets(audit, { text: "2001:db8" })).toEqual(["tcp:[2001:DB8::1]:80"]);
    expect(await targets(audit, { text: "192.0.2." })).toHaveLength(odd.length);
    expect(await targets(audit, { text: "ANN" })).toHaveLength(odd.length);
    expect(await targets(audit, { text: "' OR 1=1 --" })).toEqual([]);
  });
});

describe("a line that the file does not take", () => {
  test("stands whole in the log instead, and nothing is thrown", async () => {
    const audit = auditWith();
    const raw = at.raw();
    raw.exec("CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END");
    await audit.write({
      doer: ann,
      action: "user-role",
      target: "bob",
      before: { role: "viewer" },
      after: { role: "admin" },
    });
    expect(rows()).toEqual([]);
    const logged = at.logged();
    expect(logged).toContain("an audit line could not be kept");
    for (const part of ['"actor":"ann"', '"address":"192.0.2.7"', '"action":"user-role"', '"target":"bob"', "viewer"])
      expect(logged).toContain(part);
    raw.exec("DROP TRIGGER full");
    await audit.write({ doer: ann, action: "log-out", target: "" });
    expect(rows()).toHaveLength(1);
  });

  test("a record that cannot be trimmed is not said to have lost the line", async () => {
    const audit = auditWith({ lines: 1 });
    at.raw().exec("CREATE TRIGGER stuck BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'stuck'); END");
    await fill(audit, 101);
    expect(rows()).toHaveLength(101);
    expect(at.logged()).not.toContain("could not be kept");
    expect(at.logged()).toContain("stuck");
  });
});

test("addresses that a user logged in from, lately", async () => {
  const audit = auditWith();
  const logIn = (name: string, from: string, outcome?: string) =>
    audit.write({ doer: { kind: "user", name, from }, action: "log-in", target: "", ...(outcome ? { outcome } : {}) });
  await logIn("ann", "198.51.100.1");
  now += 31 * day;
  await logIn("ann", "198.51.100.2");
  await logIn("ann", "198.51.100.2");
  await logIn("ann", "198.51.100.3", "WRONG_CREDENTIALS");
  await logIn("bob", "198.51.100.4");
  await audit.write({ doer: { ...ann, from: "198.51.100.5" }, action: "log-out", target: "" });
  expect(await audit.knownAddresses("ann")).toEqual(["198.51.100.2"]);
});
