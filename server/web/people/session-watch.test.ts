import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { idleMs, longestSessionMs, type SessionEnd } from "#domain/people";
import { PeopleDatabase } from "./database.ts";
import { caller, host, password, type TestPeople, testPeople } from "./people-fixture.ts";
import { SessionWatch } from "./session-watch.ts";

vi.mock("./passwords.ts", async (original) => ({
  ...(await original<typeof import("./passwords.ts")>()),
  hashPassword: (await import("./people-fixture.ts")).cheapHash,
}));

let at: TestPeople;
let id: string;
beforeEach(async () => {
  // Only what looks by itself stands still: the files are real.
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  at = testPeople();
  await at.addUser("root", "admin");
  id = await at.addUser("ann", "operator");
});
afterEach(async () => {
  await at.close();
  vi.useRealTimers();
});

/** Follows what `cookie` opened; `ends` is what it was told. */
async function follow(cookie: string): Promise<{ ends: SessionEnd[]; stop: () => void; sessionId: string }> {
  const ends: SessionEnd[] = [];
  const actor = await at.who(cookie);
  const stop = at.people.sessions.watch.follow(actor, (why) => ends.push(why));
  await settled();
  return { ends, stop, sessionId: actor.me.sessionId };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

async function oneLook(): Promise<void> {
  await vi.advanceTimersByTimeAsync(1000);
  await settled();
}

describe("what this process does ends a stream at once, and says why", () => {
  const cases: [SessionEnd, (cookie: string) => Promise<unknown>][] = [
    ["logged-out", async (cookie) => at.people.sessions.logOut(await at.who(cookie), "")],
    ["logged-out", (cookie) => at.people.sessions.logIn("ann", password, caller({ cookie }))],
    ["ended", () => at.people.users.endSessions(id, host)],
    ["ended", () => at.people.users.remove(id, host)],
    ["disabled", () => at.people.users.setDisabled(id, true, host)],
    ["role", () => at.people.users.setRole(id, "viewer", host)],
    ["role", () => at.people.users.setRole(id, "admin", host)],
    ["password", () => at.people.users.setPassword(id, "another good one", host)],
  ];
  test.each(cases)("%s", async (why, act) => {
    const cookie = await at.logIn("ann");
    const { ends } = await follow(cookie);
    await act(cookie);
    await settled();
    expect(ends).toEqual([why]);
    await oneLook();
    expect(ends).toEqual([why]);
  });

  test("one's own other sessions, and not this one", async () => {
    const own = await at.logIn("ann");
    const mine = await follow(own);
    const other = await follow(await at.logIn("ann"));
    const actor = await at.who(own);
    await at.people.sessions.endOwn(actor, other.sessionId, "");
    expect([mine.ends, other.ends]).toEqual([[], ["ended"]]);
    const third = await follow(await at.logIn("ann"));
    await at.people.users.setPassword(id, "another good one", host, actor.me.sessionId);
    await oneLook();
    expect([mine.ends, third.ends]).toEqual([[], ["password"]]);
  });

  test("of two streams of one session each is told", async () => {
    const cookie = await at.logIn("ann");
    const streams = [await follow(cookie), await follow(cookie)];
    await at.people.users.endSessions(id, host);
    expect(streams.map(({ ends }) => ends)).toEqual([["ended"], ["ended"]]);
  });
});

describe("what time does", () => {
  test("idle, unless its person did something", async () => {
    const cookie = await at.logIn("ann");
    const { ends } = await follow(cookie);
    at.pass(idleMs - 20_000);
    await at.people.sessions.touch(await at.who(cookie));
    at.pass(30_000);
    await oneLook();
    expect(ends).toEqual([]);
    at.pass(idleMs);
    await oneLook();
    expect(ends).toEqual(["idle"]);
  });

  test("idle, when a call noticed it first", async () => {
    const cookie = await at.logIn("ann");
    const { ends } = await follow(cookie);
    at.pass(idleMs + 1);
    expect(await at.people.sessions.who(cookie)).toBeNull();
    expect(ends).toEqual(["idle"]);
  });

  test("expired, also when something was done a moment ago", async () => {
    const cookie = await at.logIn("ann");
    const { ends } = await follow(cookie);
    at.raw()
      .prepare("UPDATE session SET activeAt = ?")
      .run(Date.now() + longestSessionMs);
    at.pass(longestSessionMs + 1);
    await oneLook();
    expect(ends).toEqual(["expired"]);
  });
});

describe("what another process does is noticed with the next look", () => {
  const cases: [SessionEnd, string][] = [
    ["ended", "DELETE FROM session"],
    ["disabled", "UPDATE user SET disabled = 1 WHERE username = 'ann'"],
    ["role", "UPDATE user SET role = 'viewer' WHERE username = 'ann'"],
    // As the command line does it: the user first, then the sessions.
    ["disabled", "UPDATE user SET disabled = 1 WHERE username = 'ann'; DELETE FROM session"],
    ["ended", "DELETE FROM session; DELETE FROM account; DELETE FROM user WHERE username = 'ann'"],
  ];
  test.each(cases)("%s: %s", async (why, sql) => {
    const { ends } = await follow(await at.logIn("ann"));
    await oneLook();
    expect(ends).toEqual([]);
    at.raw().exec(sql);
    await oneLook();
    expect(ends).toEqual([why]);
  });

  test("a session that ended between the log-in check and the stream", async () => {
    const watched = await follow(await at.logIn("root"));
    const actor = await at.who(await at.logIn("ann"));
    at.raw().exec("DELETE FROM session WHERE userId = (SELECT id FROM user WHERE username = 'ann')");
    await oneLook();
    const ends: SessionEnd[] = [];
    at.people.sessions.watch.follow(actor, (why) => ends.push(why));
    await oneLook();
    expect(ends).toEqual(["ended"]);
    expect(watched.ends).toEqual([]);
  });

  test("the same when this process ended it", async () => {
    await follow(await at.logIn("root"));
    const actor = await at.who(await at.logIn("ann"));
    await oneLook();
    await at.people.users.endSessions(id, host);
    const ends: SessionEnd[] = [];
    at.people.sessions.watch.follow(actor, (why) => ends.push(why));
    await oneLook();
    expect(ends).toEqual(["ended"]);
  });

  test("others go on", async () => {
    const root = await follow(await at.logIn("root"));
    const ann = await follow(await at.logIn("ann"));
    at.raw().exec("DELETE FROM session WHERE userId = (SELECT id FROM user WHERE username = 'ann')");
    await oneLook();
    expect([root.ends, ann.ends]).toEqual([[], ["ended"]]);
  });
});

describe("what it costs", () => {
  test("no timer while nothing is followed", async () => {
    expect(vi.getTimerCount()).toBe(0);
    const first = await follow(await at.logIn("ann"));
    const second = await follow(await at.logIn("ann"));
    expect(vi.getTimerCount()).toBe(1);
    first.stop();
    expect(vi.getTimerCount()).toBe(1);
    await at.people.users.endSessions(id, host);
    expect(vi.getTimerCount()).toBe(0);
    second.stop();
    await oneLook();
    expect([first.ends, second.ends]).toEqual([[], ["ended"]]);
  });

  test("none after it was closed", async () => {
    await follow(await at.logIn("ann"));
    at.people.sessions.watch.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a file that cannot be read", () => {
  test("leaves streams open until their own end, and is looked at again once it can", async () => {
    const cookie = await at.logIn("ann");
    const { ends } = await follow(cookie);
    const rooted = await follow(await at.logIn("root"));
    at.raw().exec("ALTER TABLE session RENAME TO elsewhere");
    at.pass(idleMs * 2);
    await oneLook();
    expect([ends, rooted.ends]).toEqual([[], []]);
    at.raw().exec("ALTER TABLE elsewhere RENAME TO session; UPDATE session SET activeAt = activeAt + 7200000");
    at.raw().exec("UPDATE user SET disabled = 1 WHERE username = 'ann'");
    await oneLook();
    expect([ends, rooted.ends]).toEqual([["disabled"], []]);
    at.raw().exec("ALTER TABLE session RENAME TO elsewhere");
    at.pass(longestSessionMs);
    await oneLook();
    expect(rooted.ends).toEqual(["expired"]);
  });

  test("a change that was there when the look failed is not missed", async () => {
    const actor = await at.who(await at.logIn("ann"));
    const database = new PeopleDatabase(at.folder, false, at.log);
    const watch = new SessionWatch(database, Date.now);
    const ends: SessionEnd[] = [];
    watch.follow(actor, (why) => ends.push(why));
    await oneLook();
    // Hides the users from this connection: the number that says "changed" can still be read.
    await database.use(async (open) => sql`CREATE TEMP TABLE user (hidden)`.execute(open.database));
    at.raw().exec("UPDATE user SET disabled = 1 WHERE username = 'ann'");
    await oneLook();
    expect(ends).toEqual([]);
    await database.use(async (open) => sql`DROP TABLE temp.user`.execute(open.database));
    await oneLook();
    expect(ends).toEqual(["disabled"]);
    watch.close();
    await database.close();
  });
});
