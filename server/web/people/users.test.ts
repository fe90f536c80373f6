import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newPasswordSchema, newUserSchema, passwordSchema, setUpSchema } from "#domain/people";
import { caller, host, password, refused, type TestPeople, testPeople } from "./people-fixture.ts";

vi.mock("./passwords.ts", async (original) => ({
  ...(await original<typeof import("./passwords.ts")>()),
  hashPassword: (await import("./people-fixture.ts")).cheapHash,
}));

let at: TestPeople;
beforeEach(() => {
  at = testPeople();
});
afterEach(() => at.close());

const rows = (sql: string) => at.raw().prepare(sql).all();
const admins = () => rows("SELECT username FROM user WHERE role = 'admin' AND disabled = 0").length;

describe("the first admin", () => {
  test("is made once, and can log in", async () => {
    expect(await at.people.users.exist()).toBe(false);
    await at.people.users.addFirst("root", password, host);
    expect(await at.people.users.exist()).toBe(true);
    expect((await at.who(await at.logIn("root"))).role).toBe("admin");
    expect((await refused(at.people.users.addFirst("other", password, host))).code).toBe("SETUP_OVER");
    expect(rows("SELECT username FROM user")).toEqual([{ username: "root" }]);
  });

  test("is one of two who try at once", async () => {
    const answers = await Promise.allSettled([
      at.people.users.addFirst("ann", password, host),
      at.people.users.addFirst("bob", password, host),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(answers.find((answer) => answer.status === "rejected")?.reason).toMatchObject({ code: "SETUP_OVER" });
    expect(rows("SELECT count(*) AS n FROM user")).toEqual([{ n: 1 }]);
  });

  test.each(["user", "account"])(
    "set-up stays open when the %s cannot be kept, and nothing is left of it",
    async (table) => {
      await at.people.users.exist();
      const raw = at.raw();
      raw.exec(
        `CREATE TRIGGER full BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`,
      );
      expect((await refused(at.people.users.addFirst("root", password, host))).code).toBe("PEOPLE_STORE_FAILED");
      expect(await at.people.users.exist()).toBe(false);
      expect(rows("SELECT username FROM user")).toEqual([]);
      raw.exec("DROP TRIGGER full");
      await at.people.users.addFirst("root", password, host);
      await at.logIn("root");
    },
  );

  test("a user whom the command line makes closes set-up", async () => {
    await at.addUser("root", "admin");
    expect(await at.people.users.exist()).toBe(true);
    expect((await refused(at.people.users.addFirst("other", password, host))).code).toBe("SETUP_OVER");
  });
});

describe("users", () => {
  test("are listed by name, with their sessions that are open now", async () => {
    await at.addUser("bob", "operator");
    const id = await at.addUser("ann");
    await at.logIn("ann");
    at.pass(20 * 60_000);
    await at.people.sessions.touch(await at.who(await at.logIn("ann")));
    const [ann, bob] = await at.people.users.list();
    expect(ann).toMatchObject({ id, name: "ann", role: "viewer", disabled: false, sessions: 2 });
    expect(bob).toMatchObject({ name: "bob", role: "operator", sessions: 0, loggedInAtMs: null });
    expect(ann?.loggedInAtMs).toBeGreaterThan(Date.now() + 19 * 60_000);
    at.pass(11 * 60_000);
    expect((await at.people.users.list())[0]?.sessions).toBe(1);
  });

  test("a name is there once, also when two ask at once", async () => {
    await at.addUser("ann");
    expect(await refused(at.people.users.add({ name: "ann", role: "viewer", password }, host))).toEqual({
      code: "USER_EXISTS",
      params: { name: "ann" },
      field: "name",
    });
    const both = await Promise.allSettled([at.addUser("bob"), at.addUser("bob")]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(both.find((one) => one.status === "rejected")?.reason).toMatchObject({ code: "USER_EXISTS" });
    expect(at.logged()).toBe("");
  });

  test("who is not there", async () => {
    for (const act of [
      at.people.users.setRole("nobody", "admin", host),
      at.people.users.setDisabled("nobody", true, host),
      at.people.users.setPassword("nobody", password, host),
      at.people.users.remove("nobody", host),
      at.people.users.endSessions("nobody", host),
    ])
      expect(await refused(act)).toMatchObject({ code: "NO_SUCH_USER", params: { name: "nobody" } });
  });

  test("one who was removed can be made anew, and is another person", async () => {
    await at.addUser("root", "admin");
    const id = await at.addUser("ann", "operator");
    const cookie = await at.logIn("ann");
    await at.people.users.remove(id, host);
    expect(rows("SELECT * FROM account")).toHaveLength(1);
    expect(await at.addUser("ann")).not.toBe(id);
    expect(await at.people.sessions.who(cookie)).toBeNull();
    expect((await at.who(await at.logIn("ann"))).role).toBe("viewer");
  });

  test("another password ends their sessions but the one that goes on, and is the only one that fits", async () => {
    const id = await at.addUser("ann");
    const [kept, other] = [await at.logIn("ann"), await at.logIn("ann")];
    await at.people.users.setPassword(id, "another good one", host, (await at.who(kept)).me.sessionId);
    expect(await at.people.sessions.who(kept)).not.toBeNull();
    expect(await at.people.sessions.who(other)).toBeNull();
    expect((await refused(at.people.sessions.logIn("ann", password, caller()))).code).toBe("WRONG_CREDENTIALS");
    await at.people.sessions.logIn("ann", "another good one", caller());
    await at.people.users.setPassword(id, "a third one, too", host);
    expect(await at.people.sessions.who(kept)).toBeNull();
  });

  test("a role is what the next call has", async () => {
    const id = await at.addUser("ann", "operator");
    const cookie = await at.logIn("ann");
    await at.people.users.setRole(id, "viewer", host);
    expect((await at.who(cookie)).role).toBe("viewer");
  });
});

describe("the last admin", () => {
  const takings: [string, (which: string) => Promise<unknown>][] = [
    ["another role", (which) => at.people.users.setRole(which, "operator", host)],
    ["disabled", (which) => at.people.users.setDisabled(which, true, host)],
    ["removed", (which) => at.people.users.remove(which, host)],
  ];
  test.each(takings)("stays: %s", async (_, take) => {
    const root = await at.addUser("root", "admin");
    await at.addUser("ann", "operator");
    const disabled = await at.addUser("gone", "admin");
    await at.people.users.setDisabled(disabled, true, host);
    const cookie = await at.logIn("root");
    expect((await refused(take(root))).code).toBe("LAST_ADMIN");
    expect((await at.who(cookie)).role).toBe("admin");
    // Who is no admin that counts can go.
    await take(disabled);
    expect(admins()).toBe(1);
  });

  test.each(takings)("two at once cannot both go: %s", async (_, take) => {
    const ids = [await at.addUser("ann", "admin"), await at.addUser("bob", "admin")];
    const answers = await Promise.allSettled(ids.map((id) => take(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(answers.find((answer) => answer.status === "rejected")?.reason).toMatchObject({ code: "LAST_ADMIN" });
    expect(admins()).toBe(1);
  });

  test("keeps the role that they have when it is set again", async () => {
    const root = await at.addUser("root", "admin");
    await at.people.users.setRole(root, "admin", host);
    await at.people.users.setDisabled(root, false, host);
    expect(admins()).toBe(1);
  });
});

describe("names and passwords", () => {
  test("a name is one whatever letters are large", async () => {
    const { name } = newUserSchema.parse({ name: "  ANN.o-Neil_2 ", role: "viewer", password });
    expect(name).toBe("ann.o-neil_2");
    await at.addUser(name);
    await at.people.sessions.logIn("Ann.O-Neil_2", password, caller());
  });

  test.each([
    "",
    " ",
    "1ann",
    ".ann",
    "-ann",
    "ann smith",
    "añn",
    "ann@x",
    "../ann",
    "x".repeat(33),
    "ann\n",
    "ann\0",
    "__proto__",
  ])("%j is no name", (name) => {
    const parsed = newUserSchema.safeParse({ name, role: "viewer", password });
    // What is cut off at the ends is no part of it.
    if (name === "ann\n") expect(parsed.data?.name).toBe("ann");
    else expect(parsed.success).toBe(false);
  });

  test("one password, however the keyboard writes its letters", async () => {
    const text = "비밀번호를 잊지 마세요 ü";
    const composed = newPasswordSchema.parse(text.normalize("NFC"));
    expect(newPasswordSchema.parse(text.normalize("NFD"))).toBe(composed);
    await at.people.users.add({ name: "ann", role: "viewer", password: composed }, host);
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"])
      await at.people.sessions.logIn("ann", passwordSchema.parse(text.normalize(form)), caller());
  });

  test.each([
    ["elevenchars", "PASSWORD_TOO_SHORT"],
    ["aaaaaaaaaaaa", "PASSWORD_TOO_PLAIN"],
    ["abcabcabcabcabc", "PASSWORD_TOO_PLAIN"],
    ["", "PASSWORD_TOO_SHORT"],
    // Eleven characters, although it is twelve code units.
    ["abcdefghij\u{1f600}", "PASSWORD_TOO_SHORT"],
    // Three letters and their marks are no more once composed.
    ["한글한글한글".normalize("NFD"), "PASSWORD_TOO_SHORT"],
    [`${"abcd".repeat(64)}e`, "PASSWORD_TOO_LONG"],
  ])("%j is no new password: %s", (text, code) => {
    const parsed = setUpSchema.safeParse({ token: "", name: "root", password: text });
    expect(JSON.stringify(parsed.error)).toContain(code);
  });

  test.each([
    "abcabcabcabd",
    " with spaces ",
    "pass\0word with nul",
    "abcd".repeat(64),
    "\u{1f600}\u{1f601}\u{1f602}\u{1f603}".repeat(3),
  ])("%j is one, and is compared whole", async (text) => {
    await at.people.users.add({ name: "ann", role: "viewer", password: newPasswordSchema.parse(text) }, host);
    await at.people.sessions.logIn("ann", passwordSchema.parse(text), caller());
    const shorter = passwordSchema.parse([...text].slice(0, -1).join(""));
    expect((await refused(at.people.sessions.logIn("ann", shorter, caller()))).code).toBe("WRONG_CREDENTIALS");
  });
});
