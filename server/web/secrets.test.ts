import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cookieOf, host, type TestPeople, testPeople } from "./people/people-fixture.ts";
import { appRouter } from "./router.ts";
import { codeOf, type TestWeb, testWeb } from "./web-fixture.ts";

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

/** Long and nowhere else: whatever holds it was given it. */
const marker = (what: string) => `${what} ${randomBytes(12).toString("hex")}`;

/** Everything that web leaves behind: each file of its folder, the database's WAL among them, and its log. */
function leftBehind(): [string, Buffer][] {
  const files = readdirSync(at.folder).map((name): [string, Buffer] => [name, readFileSync(join(at.folder, name))]);
  return [...files, ["log", Buffer.from(at.logged())]];
}

function whereIs(secret: string): string[] {
  const base64 = Buffer.from(secret).toString("base64");
  const forms = [secret, encodeURIComponent(secret), base64, Buffer.from(secret).toString("hex"), secret.toUpperCase()];
  return leftBehind()
    .filter(([, bytes]) => forms.some((form) => bytes.includes(form)))
    .map(([name]) => name);
}

test("no secret that anybody gives, and none that we make, is left where it can be read", {
  timeout: 60_000,
}, async () => {
  const given: Record<string, string> = {};
  const secret = (what: string) => {
    given[what] = marker(what);
    return given[what];
  };
  const ask = (cookie = "") => {
    const context = web.context({ cookie });
    return { api: appRouter.createCaller(context), cookies: context.cookies };
  };

  await at.people.users.exist();
  const link = at.people.setupLink.make("http://127.0.0.1:3000").split("token=")[1] ?? "";
  expect(
    await codeOf(
      ask().api.session.setUp({ token: secret("wrong link"), name: "root", password: secret("set-up refused") }),
    ),
  ).toBe("SETUP_LINK_WRONG");
  const first = ask();
  const rootPassword = secret("set-up");
  await first.api.session.setUp({ token: link, name: "root", password: rootPassword });
  const root = cookieOf(first.cookies);
  const { api } = ask(root);

  expect(await codeOf(ask().api.session.logIn({ name: "root", password: secret("log-in refused") }))).toBe(
    "WRONG_CREDENTIALS",
  );
  // The field for the name is where a password ends up that was typed too early.
  expect(
    await codeOf(ask().api.session.logIn({ name: secret("password for a name"), password: secret("and then") })),
  ).toBe("WRONG_CREDENTIALS");
  expect(await codeOf(api.session.prove({ password: secret("prove refused") }))).toBe("WRONG_PASSWORD");
  await api.session.prove({ password: rootPassword });
  expect(
    await codeOf(api.account.setPassword({ current: secret("current refused"), next: secret("next refused") })),
  ).toBe("WRONG_PASSWORD");
  await api.account.setPassword({ current: rootPassword, next: secret("next") });
  const vera = await api.people.add({ name: "vera", role: "viewer", password: secret("user add") });
  expect(await codeOf(api.people.add({ name: "vera", role: "viewer", password: secret("user add refused") }))).toBe(
    "USER_EXISTS",
  );
  await api.people.setPassword({ id: vera.id, password: secret("user password") });
  expect(await codeOf(api.people.setPassword({ id: "nobody", password: secret("nobody's password") }))).toBe(
    "NO_SUCH_USER",
  );
  expect(await codeOf(ask().api.people.add({ name: "eve", role: "admin", password: secret("not logged in") }))).toBe(
    "NOT_LOGGED_IN",
  );
  const { token } = await api.tokens.add({ name: "scrape", role: "viewer", days: 1 });
  const unknownToken = `ipvsc_${randomBytes(32).toString("base64url")}`;
  expect(await at.people.tokens.who(token, "192.0.2.7")).not.toBeNull();
  expect(await at.people.tokens.who(unknownToken, "192.0.2.7")).toBeNull();
  expect(await at.people.sessions.who(`${root}x`)).toBeNull();
  await at.people.users.add({ name: "cli", role: "viewer", password: secret("command line") }, host);

  for (const [what, text] of Object.entries(given)) expect(whereIs(text), what).toEqual([]);
  expect(whereIs(link), "the set-up link, once it was used").toEqual([]);
  expect(whereIs(token.slice("ipvsc_".length)), "a token").toEqual([]);
  expect(whereIs(unknownToken.slice("ipvsc_".length)), "a token of nobody's").toEqual([]);
  const signature = decodeURIComponent(root).split(".")[1] ?? "";
  expect(signature.length).toBeGreaterThan(40);
  expect(whereIs(signature), "what makes a session's number a cookie").toEqual([]);
  // The search does find what is kept.
  expect(whereIs("vera")).toContain("web.sqlite-wal");
});

test("nor does the audit hold one, of a store that fails either", async () => {
  await at.addUser("root", "admin");
  const cookie = await at.logIn("root");
  const { api } = { api: appRouter.createCaller(web.context({ cookie })) };
  const text = marker("while it fails");
  at.raw().exec("CREATE TRIGGER full BEFORE INSERT ON user BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  at.raw().exec("CREATE TRIGGER fuller BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  expect(await codeOf(api.people.add({ name: "vera", role: "viewer", password: text }))).toBe("PEOPLE_STORE_FAILED");
  expect(await codeOf(api.session.logIn({ name: "root", password: text }))).toBe("WRONG_CREDENTIALS");
  expect(at.logged()).toContain("an audit line could not be kept");
  expect(whereIs(text)).toEqual([]);
});
