import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { provedMs, type Role } from "#domain/people";
import { forAdmin, forAnyone, forOperator, forProvedAdmin, forViewer, router } from "./access.ts";
import { type TestPeople, testPeople } from "./people/people-fixture.ts";
import { appRouter } from "./router.ts";
import { codeOf, type TestWeb, testWeb } from "./web-fixture.ts";

vi.mock("./people/passwords.ts", async (original) => ({
  ...(await original<typeof import("./people/passwords.ts")>()),
  hashPassword: (await import("./people/people-fixture.ts")).cheapHash,
}));

/**
 * Who may what, as it was asked for: viewers read, operators edit what carries traffic, admins all else, and what changes
 * people asks for the password again. Written by hand: a procedure that is not here, or states another access, fails.
 */
const whoMayWhat: Record<string, "anyone" | Role | "proved admin"> = {
  "session.state": "anyone",
  "session.logIn": "anyone",
  "session.setUp": "anyone",
  "session.logOut": "viewer",
  "session.touch": "viewer",
  "session.prove": "viewer",
  "account.sessions": "viewer",
  "account.endSession": "viewer",
  "account.endOtherSessions": "viewer",
  "account.setPassword": "viewer",
  "director.status": "viewer",
  "doctor.report": "viewer",
  "director.timeouts": "viewer",
  "director.setTimeouts": "operator",
  "director.zero": "operator",
  "director.clear": "proved admin",
  "director.daemons": "viewer",
  "director.syncGround": "viewer",
  "director.startDaemon": "admin",
  "director.stopDaemon": "admin",
  "director.sysctls": "viewer",
  "director.setSysctl": "admin",
  "director.modules": "viewer",
  "managers.state": "viewer",
  "managers.editAnyway": "operator",
  "table.service": "viewer",
  "table.change": "operator",
  "localAddresses.list": "viewer",
  "localAddresses.add": "operator",
  "localAddresses.remove": "operator",
  "localAddresses.flush": "operator",
  "rules.text": "viewer",
  "rules.plan": "viewer",
  "rules.write": "operator",
  "rules.progress": "viewer",
  "rules.cancel": "operator",
  "rules.pending": "viewer",
  "rules.confirm": "operator",
  "rules.putBack": "operator",
  "rules.revisions": "viewer",
  "rules.revision": "viewer",
  "rules.boot": "viewer",
  "rules.saveBoot": "admin",
  "connections.page": "viewer",
  "connections.progress": "viewer",
  "connections.cancel": "viewer",
  "connections.names": "viewer",
  "live.stream": "viewer",
  "live.setView": "viewer",
  "live.history": "viewer",
  "people.users": "admin",
  "people.add": "proved admin",
  "people.setRole": "proved admin",
  "people.setDisabled": "proved admin",
  "people.setPassword": "proved admin",
  "people.remove": "proved admin",
  "people.endSessions": "proved admin",
  "tokens.list": "admin",
  "tokens.add": "proved admin",
  "tokens.revoke": "proved admin",
  "audit.page": "admin",
};

const procedures = Object.keys(appRouter._def.procedures);
const ranks = ["anyone", "viewer", "operator", "admin", "proved admin"];
const callers = ["nobody", "viewer", "operator", "stale admin", "admin"] as const;
type CallerName = (typeof callers)[number];

let at: TestPeople;
let web: TestWeb;
const cookies: Record<CallerName, string> = { nobody: "", viewer: "", operator: "", "stale admin": "", admin: "" };
beforeAll(async () => {
  at = testPeople();
  web = testWeb(at);
  await at.addUser("root", "admin");
  await at.addUser("stale", "admin");
  await at.addUser("vera", "viewer");
  await at.addUser("oleg", "operator");
  cookies["stale admin"] = await at.logIn("stale");
  at.raw()
    .prepare("UPDATE session SET provedAt = ?")
    .run(Date.now() - provedMs - 1);
  cookies.admin = await at.logIn("root");
  cookies.viewer = await at.logIn("vera");
  cookies.operator = await at.logIn("oleg");
});
afterAll(async () => {
  web.stop();
  await at.close();
});

/** Input that no schema takes: whoever is let in gets no further, so that nothing is changed by asking. */
const nonsense = Symbol("nonsense");

function call(path: string, cookie: string, from: typeof appRouter = appRouter): Promise<string> {
  const caller = from.createCaller(web.context({ cookie }));
  const procedure = path
    .split(".")
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], caller) as (
    input: unknown,
  ) => Promise<unknown>;
  return codeOf(procedure(nonsense));
}

function expected(path: string, caller: CallerName): string {
  const rank = ranks.indexOf(whoMayWhat[path] ?? "");
  if (rank === 0) return "BAD_REQUEST";
  if (caller === "nobody") return "NOT_LOGGED_IN";
  const callerRank = caller === "stale admin" ? 3 : ranks.indexOf(caller);
  if (callerRank < Math.min(rank, 3)) return "ROLE_TOO_SMALL";
  return rank === 4 && caller === "stale admin" ? "PASSWORD_NEEDED" : "BAD_REQUEST";
}

describe("every procedure", () => {
  test("is in the table of who may what, and nothing else is", () => {
    expect(procedures.sort()).toEqual(Object.keys(whoMayWhat).sort());
  });

  test.each(procedures)("%s states its access", (path) => {
    const procedure = appRouter._def.procedures[path as keyof typeof appRouter._def.procedures] as unknown as {
      _def: { meta?: { access?: string; proved?: boolean } };
    };
    const stated = procedure._def.meta;
    expect(stated?.proved ? `proved ${stated.access}` : stated?.access).toBe(whoMayWhat[path]);
  });

  const all = procedures.flatMap((path) => callers.map((caller) => [path, caller] as const));
  test.each(all)("%s asked by %s", async (path, caller) => {
    expect(await call(path, cookies[caller])).toBe(expected(path, caller));
  });
});

describe("a procedure that states no access", () => {
  test("is answered to nobody, an admin included", async () => {
    const forgotten = router({
      none: forViewer.meta({ access: undefined as never }).query(() => "secret"),
      unknown: forViewer.meta({ access: "superuser" as never }).query(() => "secret"),
    });
    const caller = forgotten.createCaller(web.context({ cookie: cookies.admin }));
    expect(await codeOf(caller.none())).toBe("NOT_LOGGED_IN");
    expect(await codeOf(caller.unknown())).not.toBe("answered");
  });
});

describe("what the page is told of a refusal", () => {
  const thrown = async (path: string, cookie: string) => {
    const part = path.split(".");
    const caller = appRouter.createCaller(web.context({ cookie })) as never as Record<
      string,
      Record<string, (input: unknown) => Promise<unknown>>
    >;
    return caller[part[0] ?? ""]?.[part[1] ?? ""]?.(nonsense).catch((error: unknown) => error) as Promise<{
      code: string;
      cause: { shape: unknown };
    }>;
  };

  test("is HTTP's 401 and 403, and which role it needs", async () => {
    expect(await thrown("table.change", "")).toMatchObject({ code: "UNAUTHORIZED" });
    expect(await thrown("table.change", cookies.viewer)).toMatchObject({
      code: "FORBIDDEN",
      cause: { shape: { code: "ROLE_TOO_SMALL", params: { role: "operator" } } },
    });
    expect(await thrown("people.add", cookies["stale admin"])).toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("what is written down of refusals", () => {
  const lines = () =>
    at.raw().prepare("SELECT actor_kind, actor, target, outcome FROM audit WHERE action = 'access'").all();

  test("tries to change something, and no questions", () => {
    const found = lines();
    expect(found).toContainEqual({ actor_kind: "nobody", actor: "", target: "people.add", outcome: "NOT_LOGGED_IN" });
    expect(found).toContainEqual({
      actor_kind: "user",
      actor: "oleg",
      target: "people.remove",
      outcome: "ROLE_TOO_SMALL",
    });
    expect(found.filter((line) => line["target"] === "people.users")).toEqual([]);
    expect(found.filter((line) => line["outcome"] === "PASSWORD_NEEDED")).toEqual([]);
  });
});

test("each base procedure lets in whom its name says", async () => {
  const bases = router({
    anyone: forAnyone.query(() => "yes"),
    viewer: forViewer.query(({ ctx }) => ctx.actor.name),
    operator: forOperator.query(({ ctx }) => ctx.actor.name),
    admin: forAdmin.query(({ ctx }) => ctx.actor.name),
    proved: forProvedAdmin.query(({ ctx }) => ctx.actor.name),
  });
  const answers = async (cookie: string) => {
    const caller = bases.createCaller(web.context({ cookie }));
    const all = [caller.anyone(), caller.viewer(), caller.operator(), caller.admin(), caller.proved()];
    return (await Promise.all(all.map(codeOf))).map((code) => code === "answered");
  };
  expect(await answers("")).toEqual([true, false, false, false, false]);
  expect(await answers(cookies.viewer)).toEqual([true, true, false, false, false]);
  expect(await answers(cookies.operator)).toEqual([true, true, true, false, false]);
  expect(await answers(cookies["stale admin"])).toEqual([true, true, true, true, false]);
  expect(await answers(cookies.admin)).toEqual([true, true, true, true, true]);
});
