import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { idleMs, longestSessionMs, provedMs } from "#domain/people";
import { password, refused, type TestPeople, testPeople } from "./people-fixture.ts";

vi.mock("./passwords.ts", async (original) => ({
  ...(await original<typeof import("./passwords.ts")>()),
  hashPassword: (await import("./people-fixture.ts")).cheapHash,
}));

const wrongPassword = "not the password";
let at: TestPeople;
beforeEach(() => {
  at = testPeople();
});
afterEach(() => at.close());

const sessionRows = () =>
  at.raw().prepare("SELECT id, token, ipAddress, activeAt FROM session ORDER BY activeAt").all() as {
    id: string;
    token: string;
    ipAddress: string;
    activeAt: number;
  }[];

describe("how long a session lasts", () => {
  test("thirty minutes after the last thing its person did", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    at.pass(idleMs - 10_000);
    expect(await at.people.sessions.who(cookie)).not.toBeNull();
    at.pass(10_001);
    expect(await at.people.sessions.who(cookie)).toBeNull();
    expect(sessionRows()).toEqual([]);
  });

  test("asking who holds it does not lengthen it, what its person does lengthens it", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    for (let i = 0; i < 5; i++) {
      at.pass(idleMs / 6);
      await at.who(cookie);
    }
    const actor = await at.who(cookie);
    const { idleEndsAtMs } = await at.people.sessions.touch(actor);
    expect(idleEndsAtMs - actor.me.idleEndsAtMs).toBeGreaterThan(idleMs / 2);
    at.pass(idleMs - 5000);
    expect((await at.who(cookie)).me.idleEndsAtMs).toBe(idleEndsAtMs);
    at.pass(5001);
    expect(await at.people.sessions.who(cookie)).toBeNull();
  });

  test("a touch soon after another writes nothing", async () => {
    await at.addUser("ann");
    const actor = await at.who(await at.logIn("ann"));
    const before = sessionRows()[0]?.activeAt;
    at.pass(9000);
    expect((await at.people.sessions.touch(actor)).idleEndsAtMs).toBe(actor.me.idleEndsAtMs);
    expect(sessionRows()[0]?.activeAt).toBe(before);
    at.pass(2000);
    await at.people.sessions.touch(actor);
    expect(sessionRows()[0]?.activeAt).toBeGreaterThan(before ?? 0);
  });

  test("twelve hours, whatever is done in it", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    for (let passed = 0; passed < longestSessionMs - idleMs; passed += idleMs / 2) {
      at.pass(idleMs / 2);
      await at.people.sessions.touch(await at.who(cookie));
      if (passed % idleMs === 0) await at.people.sessions.prove(await at.who(cookie), password, "192.0.2.7");
    }
    at.pass(idleMs / 2);
    await at.people.sessions.touch(await at.who(cookie));
    at.pass(idleMs / 2 + 1);
    expect(await at.people.sessions.who(cookie)).toBeNull();
    expect(sessionRows()).toEqual([]);
  });

  test("the password is proved for ten minutes, and again when it is given again", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    at.pass(provedMs + 1);
    const actor = await at.who(cookie);
    const nowMs = Date.now() + provedMs + 1;
    expect(actor.me.provedUntilMs).toBeLessThan(nowMs);
    expect((await refused(at.people.sessions.prove(actor, wrongPassword, "192.0.2.7"))).code).toBe("WRONG_PASSWORD");
    expect((await at.who(cookie)).me.provedUntilMs).toBe(actor.me.provedUntilMs);
    const proved = await at.people.sessions.prove(actor, password, "192.0.2.7");
    expect(proved.provedUntilMs - nowMs).toBeGreaterThan(provedMs - 5000);
    expect((await at.who(cookie)).me).toEqual(proved);
  });

  test("guesses at the password of an open session are counted", async () => {
    await at.addUser("ann");
    const actor = await at.who(await at.logIn("ann"));
    const codes = [];
    for (let i = 0; i < 12; i++)
      codes.push((await refused(at.people.sessions.prove(actor, wrongPassword, "192.0.2.7"))).code);
    expect(codes.filter((code) => code === "WRONG_PASSWORD")).toHaveLength(10);
    expect((await refused(at.people.sessions.prove(actor, password, "192.0.2.7"))).code).toBe("TOO_MANY_TRIES");
  });
});
