import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { provedMs } from "#domain/people";
import { HostNameBook } from "../host-names.ts";
import { NameBook } from "../names.ts";
import type { Services } from "./context.ts";
import { maxFormBytes, trpcDoor } from "./http/trpc-door.ts";
import { caller, password, type TestPeople, testPeople } from "./people/people-fixture.ts";
import { quietDirector, type TestWeb, testWeb } from "./web-fixture.ts";

vi.mock("./people/passwords.ts", async (original) => ({
  ...(await original<typeof import("./people/passwords.ts")>()),
  hashPassword: (await import("./people/people-fixture.ts")).cheapHash,
}));

let at: TestPeople;
let web: TestWeb;
let server: Server;
beforeEach(async () => {
  at = testPeople();
  web = testWeb(at);
  await at.addUser("root", "admin");
  const services: Services = {
    director: quietDirector(),
    hub: web.hub,
    people: at.people,
    names: new NameBook(),
    hostNames: new HostNameBook(),
    log: at.log,
    stopping: new AbortController().signal,
  };
  const door = trpcDoor(services, () => "192.0.2.7");
  server = createServer((request, response) => void door(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  web.stop();
  await at.close();
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

async function ask(method: string, path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const type = body === undefined ? {} : { "content-type": "application/json" };
  const asked = httpRequest({ port, host: "127.0.0.1", method, path, headers: { ...type, ...headers }, agent: false });
  const [response] = await once(asked.end(body), "response");
  const text = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode, headers: response.headers, text };
}

const post = (procedure: string, input: unknown, cookie = "") =>
  ask("POST", `/api/trpc/${procedure}`, JSON.stringify(input), { cookie });
const logInBody = JSON.stringify({ name: "root", password });
const refusalIn = ({ text }: Answer) => JSON.parse(text).error.data.refusal as { code: string; params: object };

describe("log-in over HTTP", () => {
  test("sets one cookie, which opens what it should; log-out takes it away", async () => {
    const answer = await post("session.logIn", { name: "root", password });
    expect(answer.status).toBe(200);
    const cookies = answer.headers["set-cookie"] as string[];
    expect(cookies).toHaveLength(1);
    expect(answer.text).not.toContain(cookies[0]?.split("=")[1]?.split(".")[0]);
    const cookie = (cookies[0] ?? "").split(";", 1)[0] ?? "";
    expect((await ask("GET", "/api/trpc/people.users", undefined, { cookie })).status).toBe(200);
    const out = await post("session.logOut", null, cookie);
    expect(out.headers["set-cookie"]).toEqual(["ipvs-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict"]);
    expect((await ask("GET", "/api/trpc/people.users", undefined, { cookie })).status).toBe(401);
  });

  test("a refusal sets no cookie and says no more than its code", async () => {
    const answer = await post("session.logIn", { name: "root", password: "wrong password" });
    expect(answer.status).toBe(401);
    expect(answer.headers["set-cookie"]).toBeUndefined();
    const { error } = JSON.parse(answer.text);
    expect(error.data).toEqual({
      code: "UNAUTHORIZED",
      httpStatus: 401,
      path: "session.logIn",
      refusal: { code: "WRONG_CREDENTIALS", params: {} },
    });
    expect(error.message).toBe("UNAUTHORIZED");
    expect(answer.text).not.toMatch(/stack|\.ts|node_modules/);
  });

  test("a file that fails: who is not logged in learns nothing of where it is", async () => {
    at.raw().exec("ALTER TABLE user RENAME TO elsewhere; ALTER TABLE set_up RENAME TO set_down");
    const answer = await post("session.logIn", { name: "root", password });
    expect(answer.status).toBe(503);
    expect(refusalIn(answer)).toEqual({ code: "PEOPLE_STORE_FAILED", params: {} });
    const state = await ask("GET", "/api/trpc/session.state");
    expect(JSON.parse(state.text).result.data).toEqual({ setUp: false, me: null, storeFailed: true });
    expect(at.logged()).toContain("no such table: user");
  });
});

describe("a change", () => {
  test.each(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])("is not made by %s", async (method) => {
    const cookie = await at.logIn("root");
    const input = encodeURIComponent(JSON.stringify({ name: "eve", role: "admin", password: "correct horse battery" }));
    const answer = await ask(method, `/api/trpc/people.add?input=${input}`, undefined, { cookie });
    expect(answer.status).not.toBe(200);
    for (const name of ["x-http-method-override", "x-method-override", "x-http-method"])
      await ask(method, `/api/trpc/people.add?input=${input}&_method=POST`, undefined, { cookie, [name]: "POST" });
    expect(await at.people.users.list()).toHaveLength(1);
  });

  test("is not taken from a form, nor from a body that is no JSON", async () => {
    const cookie = await at.logIn("root");
    for (const type of ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]) {
      const answer = await ask("POST", "/api/trpc/session.logOut", "null", { cookie, "content-type": type });
      expect(answer.status, type).toBeGreaterThanOrEqual(400);
    }
    expect(await at.people.sessions.who(cookie)).not.toBeNull();
    for (const body of ["", "{", "[", '{"json":', "undefined", "\u0000", "NaN"])
      expect((await ask("POST", "/api/trpc/session.logIn", body)).status).toBe(400);
  });

  test("what is asked together is let in one by one", async () => {
    const viewer = await at.addUser("vera");
    const cookie = await at.logIn("vera");
    const body = JSON.stringify({
      0: null,
      1: { id: viewer, role: "admin" },
      2: { name: "eve", role: "admin", password },
    });
    const answer = await ask("POST", "/api/trpc/session.touch,people.setRole,people.add?batch=1", body, { cookie });
    expect(answer.status).toBe(207);
    const parts = JSON.parse(answer.text) as { result?: unknown; error?: { data: { refusal: { code: string } } } }[];
    expect(parts.map((part) => part.error?.data.refusal.code ?? "answered")).toEqual([
      "answered",
      "ROLE_TOO_SMALL",
      "ROLE_TOO_SMALL",
    ]);
    expect((await at.who(cookie)).role).toBe("viewer");
  });

  test("a password given in the same request does not count for the rest of it", async () => {
    const cookie = await at.logIn("root");
    at.raw()
      .prepare("UPDATE session SET provedAt = ?")
      .run(Date.now() - provedMs - 1);
    const body = JSON.stringify({ 0: { password }, 1: { name: "eve", role: "admin", password } });
    const answer = await ask("POST", "/api/trpc/session.prove,people.add?batch=1", body, { cookie });
    expect(answer.text).toContain("PASSWORD_NEEDED");
    expect(await at.people.users.list()).toHaveLength(1);
  });

  test("many log-ins in one request are as many tries", async () => {
    const calls = Array.from({ length: 60 }, () => "session.logIn").join(",");
    const body = JSON.stringify(
      Object.fromEntries(Array.from({ length: 60 }, (_, i) => [i, { name: "root", password: "wrong password" }])),
    );
    const answer = await ask("POST", `/api/trpc/${calls}?batch=1`, body);
    const codes = (JSON.parse(answer.text) as { error: { data: { refusal: { code: string } } } }[]).map(
      (part) => part.error.data.refusal.code,
    );
    expect(codes.filter((code) => code === "WRONG_CREDENTIALS")).toHaveLength(10);
    expect(codes.filter((code) => code === "TOO_MANY_TRIES")).toHaveLength(50);
  });
});

describe("what JSON can carry", () => {
  test("a key that names a prototype is no part of an object", async () => {
    const cookie = await at.logIn("root");
    const poisoned =
      '{"__proto__":{"role":"admin","polluted":1},"constructor":{"prototype":{"polluted":1}},"name":"vera","role":"viewer","password":"correct horse battery"}';
    expect((await ask("POST", "/api/trpc/people.add", poisoned, { cookie })).status).toBe(200);
    const batch = `{"__proto__":${logInBody},"0":${logInBody}}`;
    expect((await ask("POST", "/api/trpc/session.logIn?batch=1", batch)).status).toBe(200);
    const filter = encodeURIComponent('{"__proto__":{"limit":1000000},"constructor":1}');
    expect((await ask("GET", `/api/trpc/audit.page?input=${filter}`, undefined, { cookie })).status).toBe(200);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect((await at.people.users.list()).map(({ name, role }) => [name, role])).toEqual([
      ["root", "admin"],
      ["vera", "viewer"],
    ]);
  });

  test.each([
    ["session.logIn", { name: "root", password: ["correct horse battery"] }],
    ["session.logIn", { name: { toString: "root" }, password }],
    ["session.logIn", { name: "x".repeat(201), password }],
    ["session.logIn", { name: "root", password: "x".repeat(1025) }],
    ["session.logIn", null],
    ["session.logIn", [{ name: "root", password }]],
    ["session.setUp", { token: "x".repeat(201), name: "root", password }],
    ["account.endSession", { id: "x".repeat(101) }],
    ["people.setRole", { id: "root", role: "superadmin" }],
    ["people.setRole", { id: "root", role: ["viewer"] }],
    ["people.setDisabled", { id: "root", disabled: "yes" }],
    ["tokens.add", { name: "x", role: "admin", days: 1e9 }],
  ])("%s does not take %j", async (procedure, input) => {
    const cookie = procedure.startsWith("session") ? "" : await at.logIn("root");
    const answer = await post(procedure, input, cookie);
    expect(answer.status).toBe(400);
    expect(refusalIn(answer).code).toBe("INVALID");
  });
});

describe("the stream", () => {
  const input = encodeURIComponent(
    JSON.stringify({ viewId: "view-12345678", view: { list: null, follow: [], counters: false, totals: true } }),
  );

  /** Reads events until the server ends the answer. */
  async function stream(cookie: string): Promise<{ text: () => string; ended: Promise<unknown>; status: number }> {
    const { port } = server.address() as AddressInfo;
    const path = `/api/trpc/live.stream?input=${input}`;
    const asked = httpRequest({
      port,
      host: "127.0.0.1",
      path,
      headers: { cookie, accept: "text/event-stream" },
      agent: false,
    });
    // A stream that a test leaves open is cut off with the server: nobody waits for its end.
    asked.on("error", () => {});
    const [response] = await once(asked.end(), "response");
    response.on("error", () => {});
    let text = "";
    response.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
    const ended = once(response, "close");
    ended.catch(() => {});
    return { text: () => text, ended, status: response.statusCode };
  }

  test("is for who is logged in", async () => {
    const { status, text, ended } = await stream("");
    await ended;
    expect(status === 401 || text().includes("NOT_LOGGED_IN")).toBe(true);
    expect(text()).not.toContain("summary");
  });

  test("ends with the session, and its last event says why", async () => {
    const cookie = await at.logIn("root");
    const { text, ended } = await stream(cookie);
    await vi.waitFor(() => expect(text()).toContain("summary"));
    await at.people.sessions.logIn("root", password, caller({ cookie }));
    await ended;
    expect(text()).toContain('{"ended":"logged-out"}');
  });

  test("is refused to a session that has 64 already, and to no other one", async () => {
    const cookie = await at.logIn("root");
    const actor = await at.people.sessions.who(cookie);
    if (!actor) throw new Error("nobody is logged in");
    const { watch } = at.people.sessions;
    for (let i = 0; i < 64; i++) watch.follow(actor, () => {});
    const refused = await stream(cookie);
    await vi.waitFor(() => expect(refused.text()).toContain("TOO_MANY_STREAMS"));
    const other = await stream(await at.logIn("root"));
    await vi.waitFor(() => expect(other.text()).toContain("summary"));
  });

  test("goes on while the file of users cannot be read, and ends when its session does once it can", async () => {
    const cookie = await at.logIn("root");
    const { text, ended } = await stream(cookie);
    await vi.waitFor(() => expect(text()).toContain("summary"));
    const raw = at.raw();
    raw.exec("ALTER TABLE session RENAME TO elsewhere");
    expect((await ask("GET", "/api/trpc/people.users", undefined, { cookie })).status).toBe(503);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(text()).not.toContain("ended");
    raw.exec("DELETE FROM elsewhere; ALTER TABLE elsewhere RENAME TO session");
    await ended;
    expect(text()).toContain('{"ended":"ended"}');
  });
});

describe("a body that is too long", () => {
  const long = JSON.stringify({ name: "root", password: "x".repeat(maxFormBytes) });
  const chunked = { "transfer-encoding": "chunked" };

  test.each([
    ["with its length", {}],
    ["in chunks, which says no length", chunked],
  ])("of who is not logged in is refused, %s", async (_how, headers) => {
    for (const cookie of ["", "ipvs-session=made-up.signature"])
      expect((await ask("POST", "/api/trpc/session.logIn", long, { ...headers, cookie })).status).toBe(413);
  });

  test("of who is logged in is read", async () => {
    const logIn = await post("session.logIn", { name: "root", password });
    const cookie = String(logIn.headers["set-cookie"]).split(";", 1)[0] ?? "";
    for (const headers of [{}, chunked]) {
      const answer = await ask("POST", "/api/trpc/rules.plan", JSON.stringify({ text: `# ${long}`, mode: "run" }), {
        ...headers,
        cookie,
      });
      expect(answer.status).not.toBe(413);
      expect(refusalIn(answer).code).not.toBe("NOT_LOGGED_IN");
    }
  });
});
