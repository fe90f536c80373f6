import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { idleMs, longestSessionMs } from "#domain/people";
import { caller, cookieOf, host, password, refused, type TestPeople, testPeople } from "./people-fixture.ts";

vi.mock("./passwords.ts", async (original) => ({
  ...(await original<typeof import("./passwords.ts")>()),
  hashPassword: (await import("./people-fixture.ts")).cheapHash,
}));

const name = "ipvs-session";
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

describe("log-in", () => {
  test("gives a session, and a cookie that scripts and other sites do not get", async () => {
    await at.addUser("ann", "operator");
    const { me, cookies } = await at.people.sessions.logIn(" Ann ", password, caller());
    expect(cookies).toHaveLength(1);
    const [value, ...attributes] = (cookies[0] ?? "").split("; ");
    expect(value).toMatch(/^ipvs-session=[\w%.-]{60,}$/);
    expect(attributes.sort()).toEqual(["HttpOnly", "Max-Age=43200", "Path=/", "SameSite=Strict"]);
    const actor = await at.who(cookieOf(cookies));
    expect(actor).toMatchObject({ kind: "user", name: "ann", role: "operator", me });
    expect(me.endsAtMs - Date.now()).toBeGreaterThan(longestSessionMs - 5000);
    expect(me.endsAtMs - Date.now()).toBeLessThanOrEqual(longestSessionMs);
  });

  test("over TLS the cookie is Secure and cannot be set for another host or path", async () => {
    const secure = testPeople(undefined, true);
    await secure.addUser("ann");
    const { cookies } = await secure.people.sessions.logIn("ann", password, caller());
    const [line] = cookies;
    expect(line).toMatch(/^__Host-ipvs-session=/);
    expect(line).toMatch(/; Secure/);
    expect(line).not.toMatch(/Domain/i);
    expect(await secure.people.sessions.who(cookieOf(cookies))).not.toBeNull();
    // A cookie of the same value under the name that plain HTTP uses is another one.
    expect(await secure.people.sessions.who(cookieOf(cookies).replace("__Host-", ""))).toBeNull();
    expect(secure.people.forgetCookie).toMatch(/^__Host-ipvs-session=; Max-Age=0; Path=\/; .*; Secure$/);
    await secure.close();
  });

  test("a wrong password, a name that nobody has and one that nobody can have are refused in the same words", async () => {
    await at.addUser("ann");
    const answers = ["ann", "bob", "a b", "ann\0", "x".repeat(200), "__proto__", "ünï", "' OR 1=1 --"].map((tried) =>
      refused(at.people.sessions.logIn(tried, wrongPassword, caller())),
    );
    for (const answer of await Promise.all(answers)) expect(answer).toEqual({ code: "WRONG_CREDENTIALS", params: {} });
    expect(sessionRows()).toEqual([]);
  });

  test("a session that was there before the log-in is not the one after, and has ended", async () => {
    await at.addUser("ann");
    const planted = await at.logIn("ann");
    const { cookies } = await at.people.sessions.logIn("ann", password, caller({ cookie: planted }));
    expect(cookieOf(cookies)).not.toBe(planted);
    expect(await at.people.sessions.who(planted)).toBeNull();
    expect(await at.people.sessions.who(cookieOf(cookies))).not.toBeNull();
    // A value that no server made is not taken over either.
    const made = await at.people.sessions.logIn("ann", password, caller({ cookie: `${name}=chosen.elsewhere` }));
    expect(cookieOf(made.cookies)).not.toContain("chosen");
  });

  test("a refused log-in leaves the session that the browser came with", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    expect((await refused(at.people.sessions.logIn("ann", wrongPassword, caller({ cookie })))).code).toBe(
      "WRONG_CREDENTIALS",
    );
    expect(await at.people.sessions.who(cookie)).not.toBeNull();
  });

  test("a disabled user is told so, and only with the right password; what was open has ended for good", async () => {
    const id = await at.addUser("ann");
    const cookie = await at.logIn("ann");
    await at.addUser("root", "admin");
    await at.people.users.setDisabled(id, true, host);
    expect(await at.people.sessions.who(cookie)).toBeNull();
    expect((await refused(at.people.sessions.logIn("ann", password, caller()))).code).toBe("USER_DISABLED");
    expect((await refused(at.people.sessions.logIn("ann", wrongPassword, caller()))).code).toBe("WRONG_CREDENTIALS");
    expect(sessionRows()).toEqual([]);
    await at.people.users.setDisabled(id, false, host);
    expect(await at.people.sessions.who(cookie)).toBeNull();
    expect(await at.people.sessions.who(await at.logIn("ann"))).not.toBeNull();
  });

  test("two at once are two sessions; the oldest go when there are more than twenty", async () => {
    await at.addUser("ann");
    const first = await at.logIn("ann");
    const cookies: string[] = [];
    for (let i = 0; i < 19; i++) cookies.push(await at.logIn("ann", `192.0.2.${i}`));
    expect(await at.people.sessions.who(first)).not.toBeNull();
    cookies.push(...(await Promise.all([at.logIn("ann"), at.logIn("ann")])));
    expect(sessionRows()).toHaveLength(20);
    expect(await at.people.sessions.who(first)).toBeNull();
    for (const cookie of cookies.slice(1)) expect(await at.people.sessions.who(cookie)).not.toBeNull();
  });

  test("keeps the address and the name of the browser as they are, but for what no header can hold", async () => {
    await at.addUser("ann");
    const agent = `Browser\r\nx-console-address: 203.0.113.9 ${"é".repeat(500)}`;
    await at.people.sessions.logIn("ann", password, caller({ from: "2001:db8::1:2:3:4", agent }));
    const [row] = await at.people.sessions.list(await at.who(await at.logIn("ann")));
    const all = await at.people.sessions.list(await at.who(await at.logIn("ann")));
    expect(row).toBeDefined();
    const v6 = all.find(({ from }) => from.includes(":"));
    expect(v6?.from).toBe("2001:db8::1:2:3:4");
    expect(v6?.agent).toMatch(/^Browser\?\?x-console-address: 203\.0\.113\.9 \?+$/);
  });
});

describe("who holds a cookie", () => {
  test("nobody: none, a part of one, one that was altered, one that another secret signed, one too long", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    const [row] = sessionRows();
    const signed = decodeURIComponent(cookie.slice(name.length + 1));
    const [token = "", signature = ""] = signed.split(".");
    const foreign = createHmac("sha256", "x".repeat(64)).update(token).digest("base64");
    expect(row?.token).toBe(token);
    const flipped = token.startsWith("a") ? `b${token.slice(1)}` : `a${token.slice(1)}`;
    const values = [
      "",
      ".",
      "%",
      "%E0%A4%A",
      "\0",
      '"',
      "undefined",
      token,
      `${token}.`,
      `.${signature}`,
      `${token}.${"A".repeat(43)}=`,
      `${token}.${foreign}`,
      `${flipped}.${signature}`,
      `${token}x.${signature}`,
      `${token}.${signature}x`,
      signed.slice(0, -1),
      signed.slice(1),
      `${"A".repeat(100_000)}.${signature}`,
      `${token}.${"=".repeat(44)}`,
      `${token}.${"é".repeat(44)}`,
    ];
    for (const value of values) {
      expect(await at.people.sessions.who(`${name}=${encodeURIComponent(value)}`), value.slice(0, 80)).toBeNull();
      // A header is Latin-1 by the time that it is here.
      if (!value.includes("\0"))
        expect(await at.people.sessions.who(`${name}=${value}`), value.slice(0, 80)).toBeNull();
    }
    for (const header of [";;;", "=", "=;=", name, `${name}`, "a".repeat(100_000), `x=${cookie}`, "__proto__=1"])
      expect(await at.people.sessions.who(header)).toBeNull();
    expect(at.logged()).toBe("");
    expect(await at.people.sessions.who(cookie)).not.toBeNull();
  });

  test("of two in one header the first counts, whichever it is", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    expect(await at.people.sessions.who(`${cookie}; ${name}=x.y`)).toMatchObject({ name: "ann" });
    expect(await at.people.sessions.who(`${name}=x.y; ${cookie}`)).toBeNull();
    expect(await at.people.sessions.who(`theme=dark; ${cookie}; other="a;b"`)).toMatchObject({ name: "ann" });
  });

  test("nobody any more once the key that signs cookies is another", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    await at.people.close();
    writeFileSync(join(at.folder, "secret"), "f".repeat(64));
    const later = testPeople(at.folder);
    expect(await later.people.sessions.who(cookie)).toBeNull();
    await later.people.close();
  });

  test("a session outlives the process", async () => {
    await at.addUser("ann");
    const cookie = await at.logIn("ann");
    await at.people.close();
    const later = testPeople(at.folder);
    expect(await later.people.sessions.who(cookie)).toMatchObject({ name: "ann" });
    await later.people.close();
  });
});

describe("one's own sessions", () => {
  test("are listed without those that are over, the newest first, this one marked", async () => {
    await at.addUser("ann");
    await at.addUser("bob");
    await at.logIn("bob");
    await at.logIn("ann", "198.51.100.1");
    at.pass(idleMs / 2);
    const cookie = await at.logIn("ann", "198.51.100.2");
    await at.people.sessions.touch(await at.who(cookie));
    const rows = await at.people.sessions.list(await at.who(cookie));
    expect(rows.map(({ current, from, agent }) => ({ current, from, agent }))).toEqual([
      { current: true, from: "198.51.100.2", agent: "a browser" },
      { current: false, from: "198.51.100.1", agent: "a browser" },
    ]);
    at.pass(idleMs / 2 + 1);
    expect(await at.people.sessions.list(await at.who(cookie))).toHaveLength(1);
  });

  test("end one by one; somebody else's and one that is not there are the same to who asks", async () => {
    await at.addUser("ann");
    await at.addUser("bob");
    const bob = await at.who(await at.logIn("bob"));
    const other = await at.logIn("ann");
    const ann = await at.who(await at.logIn("ann"));
    const otherId = (await at.who(other)).me.sessionId;
    const theirs = await refused(at.people.sessions.endOwn(ann, bob.me.sessionId, ""));
    expect(theirs).toEqual(await refused(at.people.sessions.endOwn(ann, "nothing", "")));
    expect(theirs.code).toBe("NO_SUCH_SESSION");
    await at.people.sessions.endOwn(ann, otherId, "");
    expect(await at.people.sessions.who(other)).toBeNull();
    expect(
      sessionRows()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([ann.me.sessionId, bob.me.sessionId].sort());
  });

  test("end all but this one", async () => {
    await at.addUser("ann");
    const cookies = [await at.logIn("ann"), await at.logIn("ann"), await at.logIn("ann")];
    const [first = ""] = cookies;
    const { me } = await at.who(first);
    expect(await at.people.sessions.endAll(me.userId, "ended", me.sessionId)).toBe(2);
    const left = await Promise.all(cookies.map((cookie) => at.people.sessions.who(cookie)));
    expect(left.map((actor) => actor?.me.sessionId)).toEqual([me.sessionId, undefined, undefined]);
  });
});
