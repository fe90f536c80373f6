import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cookieOf, host, password, type TestPeople, testPeople } from "../people/people-fixture.ts";
import { appRouter } from "../router.ts";
import { codeOf, type TestWeb, testWeb } from "../web-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

let at: TestPeople;
let web: TestWeb;
beforeEach(() => {
  at = testPeople();
  web = testWeb(at);
});
afterEach(async () => {
  web.stop();
  await at.close();
});

const ask = (request: Parameters<TestWeb["context"]>[0] = {}) => {
  const context = web.context(request);
  return { api: appRouter.createCaller(context), cookies: context.cookies };
};
const audit = () => at.raw().prepare("SELECT actor_kind, actor, address, action, target, outcome FROM audit").all();

describe("set-up", () => {
  async function newLink(): Promise<string> {
    await at.people.users.exist();
    return at.people.setupLink.make("http://127.0.0.1:3000").split("token=")[1] ?? "";
  }
  const setUp = (token: string, name = "root", from = "192.0.2.7") => {
    const { api, cookies } = ask({ from });
    return { answer: api.session.setUp({ token, name, password }), cookies };
  };

  test("makes the first admin, logs them in, and is over", async () => {
    const token = await newLink();
    expect(await ask().api.session.state()).toEqual({ setUp: true, me: null, storeFailed: false });
    const { answer, cookies } = setUp(token);
    expect(await answer).toMatchObject({ name: "root", role: "admin" });
    const cookie = cookieOf(cookies);
    expect(await ask({ cookie }).api.session.state()).toMatchObject({ setUp: false, me: { name: "root" } });
    expect(existsSync(join(at.folder, "setup-link"))).toBe(false);
    expect(await codeOf(setUp(token, "again").answer)).toBe("SETUP_OVER");
    expect((await at.people.users.list()).map(({ name }) => name)).toEqual(["root"]);
    expect(audit().map((line) => [line["action"], line["outcome"]])).toEqual([
      ["set-up", "done"],
      ["log-in", "done"],
      ["set-up", "SETUP_OVER"],
    ]);
  });

  test("of two with the same link one is the admin, the other is told that it is over", async () => {
    const token = await newLink();
    const both = [setUp(token, "ann"), setUp(token, "bob")];
    const codes = await Promise.all(both.map(({ answer }) => codeOf(answer)));
    expect(codes.sort()).toEqual(["SETUP_OVER", "answered"]);
    expect(both.filter(({ cookies }) => cookies.length > 0)).toHaveLength(1);
    expect(await at.people.users.list()).toHaveLength(1);
  });

  test("a wrong link is refused, counted and written down, and the right one still works elsewhere", async () => {
    const token = await newLink();
    const codes: string[] = [];
    for (let i = 0; i < 32; i++) codes.push(await codeOf(setUp(`wrong${i}`, "eve", "203.0.113.66").answer));
    expect(codes.filter((code) => code === "SETUP_LINK_WRONG")).toHaveLength(30);
    expect(await codeOf(setUp(token, "eve", "203.0.113.66").answer)).toBe("TOO_MANY_TRIES");
    expect(audit()).toContainEqual({
      ...{ actor_kind: "nobody", actor: "set-up link", address: "203.0.113.66" },
      ...{ action: "set-up", target: "", outcome: "SETUP_LINK_WRONG" },
    });
    expect(await codeOf(setUp(token).answer)).toBe("answered");
  });

  test("that could not be kept can be done again with the same link", async () => {
    const token = await newLink();
    const raw = at.raw();
    raw.exec("CREATE TRIGGER full BEFORE INSERT ON account BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    expect(await codeOf(setUp(token).answer)).toBe("PEOPLE_STORE_FAILED");
    raw.exec("DROP TRIGGER full");
    expect(await codeOf(setUp(token).answer)).toBe("answered");
  });

  test("a bad name or password leaves the link as it is", async () => {
    const token = await newLink();
    const given = [
      { token, name: "Root!", password },
      { token, name: "root", password: "short" },
    ];
    for (const input of given) expect(await codeOf(ask().api.session.setUp(input))).toBe("BAD_REQUEST");
    expect(await codeOf(setUp(token).answer)).toBe("answered");
  });

  test("without a link there is none, and with a user neither", async () => {
    expect(await codeOf(setUp("").answer)).toBe("SETUP_LINK_WRONG");
    const token = await newLink();
    await at.addUser("root", "admin");
    expect(await codeOf(setUp(token, "eve").answer)).toBe("SETUP_OVER");
  });
});

describe("a session of the page", () => {
  test("is lengthened by a touch and by nothing that the page does by itself", async () => {
    await at.addUser("vera");
    const cookie = await at.logIn("vera");
    const active = () => at.raw().prepare("SELECT activeAt FROM session").get()?.["activeAt"];
    const before = active();
    at.pass(20_000);
    const { api } = ask({ cookie });
    const view = { list: null, follow: [], counters: false, totals: true };
    const stream = (await api.live.stream({ viewId: "view-12345678", view })) as AsyncIterable<unknown>;
    for await (const _event of stream) break;
    await api.live.setView({ viewId: "view-12345678", view });
    await api.live.history({ ids: [""], windowS: 60 });
    await api.director.status();
    await api.account.sessions();
    await api.session.state();
    expect(active()).toBe(before);
    const { idleEndsAtMs } = await api.session.touch(null);
    expect(active()).toBeGreaterThan(Number(before));
    expect(idleEndsAtMs).toBe(Number(active()) + 30 * 60_000);
  });

  test("ends with the log-out, whose cookie takes the other's place", async () => {
    await at.addUser("vera");
    const cookie = await at.logIn("vera");
    const { api, cookies } = ask({ cookie });
    await api.session.logOut(null);
    expect(cookies).toEqual([at.people.forgetCookie]);
    expect(await codeOf(ask({ cookie }).api.session.touch(null))).toBe("NOT_LOGGED_IN");
  });

  test("ends all others, which is a line of the audit only when there were some", async () => {
    await at.addUser("vera");
    const [cookie, other] = [await at.logIn("vera"), await at.logIn("vera")];
    const { api } = ask({ cookie });
    expect(await api.account.endOtherSessions(null)).toEqual({ ended: 1 });
    for (let i = 0; i < 20; i++) expect(await api.account.endOtherSessions(null)).toEqual({ ended: 0 });
    expect(await at.people.sessions.who(other)).toBeNull();
    expect(audit().filter((line) => line["action"] === "session-end")).toHaveLength(1);
  });

  test("goes on with another password, the others do not; the wrong one is refused and written down", async () => {
    await at.addUser("vera");
    const [cookie, other] = [await at.logIn("vera"), await at.logIn("vera")];
    const { api } = ask({ cookie });
    const next = "another good one";
    expect(await codeOf(api.account.setPassword({ current: "not the password", next }))).toBe("WRONG_PASSWORD");
    await api.account.setPassword({ current: password, next });
    expect(await at.people.sessions.who(cookie)).not.toBeNull();
    expect(await at.people.sessions.who(other)).toBeNull();
    expect(audit().filter((line) => line["action"] === "password-set")).toMatchObject([
      { actor: "vera", target: "vera", outcome: "WRONG_PASSWORD" },
      { actor: "vera", target: "vera", outcome: "done" },
    ]);
  });

  test("of an admin whose role is lowered may at once no more than the new one", async () => {
    const id = await at.addUser("ann", "admin");
    await at.addUser("root", "admin");
    const { api } = ask({ cookie: await at.logIn("ann") });
    await at.people.users.setRole(id, "viewer", host);
    expect(await codeOf(api.people.users())).toBe("ROLE_TOO_SMALL");
  });
});
