import { globSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AnyProcedure } from "@trpc/server";
import { type Access, mayAccess, type Role, roles } from "#domain/people";
import type { Meta } from "#server/web/access";
import { pageAccess } from "#server/web/http/pages";
import { programRoutes } from "#server/web/http/program-routes";
import { appRouter } from "#server/web/router";
import type { Answer, ConsoleClient } from "../console-client.ts";
import type { People } from "../people.ts";
import { expect, test } from "./product-fixture.ts";

/**
 * Everything that web answers, found where it is made and not written down here: each states who may ask, and keeps to it
 * over HTTP. What nobody has a list of (files, what is not there) stands below by hand.
 */
test.use({ newWeb: true, loggedIn: false });

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Nobody, and one of each role. */
interface Visitors {
  nobody: ConsoleClient;
  of: Record<Role, ConsoleClient>;
}

async function visitorsOf(people: People): Promise<Visitors> {
  const each = await Promise.all(
    roles.map(async (role) => [role, await people.logIn(await people.add(role))] as const),
  );
  return { nobody: people.admin.anew(), of: Object.fromEntries(each) as Record<Role, ConsoleClient> };
}

/** Roles that an access shuts out, and those that it lets in. */
function split(access: Access): { out: Role[]; in: Role[] } {
  return {
    out: roles.filter((role) => !mayAccess(role, access)),
    in: roles.filter((role) => mayAccess(role, access)),
  };
}

function codeOf({ headers, text }: Answer): string | undefined {
  if (!headers["content-type"]?.startsWith("application/json")) return undefined;
  return JSON.parse(text).error?.data?.refusal?.code;
}

interface Procedure {
  path: string;
  type: string;
  meta: Partial<Meta>;
}

const procedures: Procedure[] = Object.entries(
  appRouter._def.procedures as unknown as Record<string, AnyProcedure>,
).map(([path, { _def }]) => ({ path, type: _def.type, meta: (_def.meta as Partial<Meta> | undefined) ?? {} }));

/** As the page asks for this kind of procedure, with an input that no schema takes: what lets it through refuses that. */
function callProcedure(client: ConsoleClient, { path, type }: Procedure): Promise<Answer> {
  const nonsense = JSON.stringify(true);
  if (type === "mutation") return client.askAsPage(`/api/trpc/${path}`, { method: "POST", body: nonsense });
  const headers = type === "subscription" ? { accept: "text/event-stream", "sec-fetch-site": "same-origin" } : {};
  return client.askAsPage(`/api/trpc/${path}?input=${encodeURIComponent(nonsense)}`, { headers });
}

test("every procedure states its access, and answers 401 to nobody and 403 to a smaller role", async ({ product }) => {
  expect(procedures.length).toBeGreaterThan(20);
  expect(new Set(procedures.map(({ type }) => type))).toEqual(new Set(["query", "mutation", "subscription"]));
  for (const { path, meta } of procedures)
    expect(meta.access, `access of ${path}`).toMatch(/^(anyone|viewer|operator|admin)$/);
  // What is open to anyone is named here too: opening another is a decision.
  const open = procedures.filter(({ meta }) => meta.access === "anyone").map(({ path }) => path);
  expect(open.sort()).toEqual(["session.logIn", "session.setUp", "session.state"]);

  const visitors = await visitorsOf(product.people);
  for (const procedure of procedures) {
    const { access = "admin" } = procedure.meta;
    // A stream is refused before it is one: there is nothing in it then.
    const saying = (code: string) => (procedure.type === "subscription" ? undefined : code);
    await test.step(`${procedure.path}: ${access}`, async () => {
      const asNobody = await callProcedure(visitors.nobody, procedure);
      if (access !== "anyone") expect([asNobody.status, codeOf(asNobody)]).toEqual([401, saying("NOT_LOGGED_IN")]);
      else expect(asNobody.status).toBe(400);
      const { out, in: allowed } = split(access);
      for (const role of out) {
        const answer = await callProcedure(visitors.of[role], procedure);
        expect([role, answer.status, codeOf(answer)]).toEqual([role, 403, saying("ROLE_TOO_SMALL")]);
      }
      // A stream that is one says in itself what is wrong with what it was asked for.
      const letIn = procedure.type === "subscription" ? 200 : 400;
      for (const role of allowed)
        expect([role, (await callProcedure(visitors.of[role], procedure)).status]).toEqual([role, letIn]);
    });
  }
});

test("a procedure cannot be reached past its guard: another method, in a batch, or under another name", async ({
  product,
}) => {
  const { nobody, of } = await visitorsOf(product.people);
  const before = await product.rules();
  const service = { kind: "address", protocol: "tcp", address: "203.0.113.66", port: 80 };
  const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  const change = { changes: [{ verb: "add-service", service, spec }] };

  await test.step("what changes something is not done by a GET", async () => {
    for (const { path, type } of procedures.filter((each) => each.type === "mutation")) {
      const answer = await of.admin.askAsPage(`/api/trpc/${path}?input=${encodeURIComponent(JSON.stringify(null))}`);
      expect([path, type, answer.status]).toEqual([path, "mutation", 405]);
    }
    const url = `/api/trpc/table.change?input=${encodeURIComponent(JSON.stringify(change))}`;
    expect((await of.operator.askAsPage(url)).status).toBe(405);
    expect((await of.operator.query<{ me: unknown }>("session.state")).me).not.toBeNull();
  });
  await test.step("each call of a batch is judged by itself", async () => {
    const input = encodeURIComponent(JSON.stringify({ 0: undefined, 1: undefined }));
    const mixed = `/api/trpc/session.state,people.users?batch=1&input=${input}`;
    for (const [client, code] of [
      [nobody, "NOT_LOGGED_IN"],
      [of.operator, "ROLE_TOO_SMALL"],
    ] as const) {
      const answer = await client.askAsPage(mixed);
      const [first, second] = JSON.parse(answer.text);
      expect(first.result.data).toBeDefined();
      expect(second.error.data.refusal.code).toBe(code);
      expect(second.result).toBeUndefined();
    }
    const body = JSON.stringify({ 0: null, 1: change });
    const answer = await of.viewer.askAsPage("/api/trpc/session.touch,table.change?batch=1", { method: "POST", body });
    expect(JSON.parse(answer.text)[1].error.data.refusal.code).toBe("ROLE_TOO_SMALL");
  });
  await test.step("no other spelling is the procedure", async () => {
    for (const path of [
      "table.change/",
      "/table.change",
      "table%2Echange",
      "TABLE.CHANGE",
      "table/change",
      "x/../table.change",
      "table.change%00",
      "__proto__",
      "constructor.prototype",
      "_def.procedures",
    ]) {
      const answer = await nobody.askAsPage(`/api/trpc/${path}`, { method: "POST", body: JSON.stringify(change) });
      expect([path, [400, 401, 404].includes(answer.status)]).toEqual([path, true]);
      expect(answer.text).not.toContain("result");
    }
  });
  expect(await product.rules()).toEqual(before);
});

test("every route for programs wants a token that reaches so far; a session is none", async ({ product }) => {
  expect(programRoutes.length).toBeGreaterThan(1);
  const { nobody, of } = await visitorsOf(product.people);
  const tokens = new Map<Role, string>();
  for (const role of roles) {
    const added = await product.people.admin.mutate<{ token: string }>("tokens.add", {
      name: `walk ${role}`,
      role,
      days: 1,
    });
    tokens.set(role, added.token);
  }
  for (const { method, path, access } of programRoutes) {
    await test.step(`${method} ${path}: ${access}`, async () => {
      const ask = (headers: Record<string, string>) => nobody.ask(path, { method, headers });
      const bearer = (role: Role) => ({ authorization: `Bearer ${tokens.get(role)}` });
      for (const headers of [
        {},
        of.admin.cookieHeader,
        { authorization: "Bearer ipvs_nothing" },
        { authorization: `Basic ${Buffer.from("ada:password").toString("base64")}` },
      ] as Record<string, string>[]) {
        const answer = await ask(headers);
        expect(answer.status).toBe(401);
        expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
        expect(answer.headers["content-type"]).toContain("application/problem+json");
      }
      const { out, in: allowed } = split(access);
      for (const role of out) expect((await ask(bearer(role))).status).toBe(403);
      for (const role of allowed) expect([401, 403]).not.toContain((await ask(bearer(role))).status);
    });
  }
  await test.step("what is not there is not told to who has no token", async () => {
    for (const path of ["/api/v1", "/api/v1/", "/api/v1/nothing", "/api/v1/services/", "/metrics"])
      expect([path, (await nobody.ask(path)).status]).toEqual([path, 401]);
    const authorization = `Bearer ${tokens.get("viewer")}`;
    expect((await nobody.ask("/api/v1/nothing", { headers: { authorization } })).status).toBe(404);
    expect((await nobody.ask("/api/v1/services", { method: "DELETE", headers: { authorization } })).status).toBe(405);
  });
});

/** What Next.js serves a page for: folders in parentheses are no part of the address. */
function routeOf(file: string): string {
  const folders = file
    .split("/")
    .slice(1, -1)
    .filter((folder) => !/^\(.*\)$/.test(folder));
  return `/${folders.join("/")}`;
}

/** As a browser asks: Next.js sends it on to the page's own address, without a `/` at its end and with what tells a part of it from a whole one. */
async function askFor(client: ConsoleClient, path: string, headers: Record<string, string>): Promise<Answer> {
  const pageOf = (text: string) => new URL(text, client.url).pathname.replace(/(?<=.)\/$/, "");
  let answer = await client.askAsPage(path, { headers });
  for (let sent = 0; sent < 2 && (answer.status === 307 || answer.status === 308); sent += 1) {
    const { location = "" } = answer.headers;
    expect(pageOf(location)).toBe(pageOf(path));
    answer = await client.askAsPage(location, { headers });
  }
  return answer;
}

/** A path that the route takes. */
const pathOf = (route: string) => route.replace("[key]", encodeURIComponent("tcp:192.0.2.10:80"));

test("every page is for a role that is written down; nobody is led to the log-in, a smaller role gets 403", async ({
  product,
}) => {
  const pages = globSync("app/**/page.{tsx,ts,jsx,js}", { cwd: root }).map(routeOf).sort();
  expect(pages).toContain("/services/[key]");
  expect(pages).toEqual(Object.keys(pageAccess).sort());
  // A handler beside the pages would answer without being asked who may: there is none.
  expect(globSync("app/**/route.{tsx,ts,jsx,js}", { cwd: root })).toEqual([]);
  expect(globSync("{middleware,proxy,pages/**/*}.{tsx,ts,jsx,js}", { cwd: root })).toEqual([]);
  const open = pages.filter((page) => pageAccess[page] === "anyone");
  expect(open).toEqual(["/login", "/setup"]);

  const { nobody, of } = await visitorsOf(product.people);
  for (const route of pages) {
    const access = pageAccess[route] ?? "admin";
    await test.step(`${route}: ${access}`, async () => {
      const { out, in: allowed } = split(access);
      // Next.js has more than one address for a page; with a `/` at its end, `_rsc` for what a page fetches of another one.
      for (const path of [
        pathOf(route),
        `${pathOf(route)}?q=x`,
        `${pathOf(route)}?_rsc=abc`,
        `${pathOf(route).replace(/\/$/, "")}/`,
      ]) {
        for (const headers of [{}, { rsc: "1" }, { rsc: "1", "next-router-prefetch": "1" }] as Record<
          string,
          string
        >[]) {
          const asNobody = await nobody.askAsPage(path, { headers });
          if (access === "anyone") expect([path, asNobody.status < 400]).toEqual([path, true]);
          else if (headers["rsc"]) expect([path, asNobody.status]).toEqual([path, 401]);
          else {
            expect([path, asNobody.status]).toEqual([path, 303]);
            expect(asNobody.headers.location).toMatch(/^\/login(\?next=%2F[^/\\]*)?$/);
          }
          expect(asNobody.headers["set-cookie"]).toBeUndefined();
          for (const role of out)
            expect([path, role, (await askFor(of[role], path, headers)).status]).toEqual([path, role, 403]);
        }
      }
      for (const role of allowed) {
        const answer = await of[role].askAsPage(pathOf(route));
        expect([role, answer.status]).toEqual([role, 200]);
        expect(answer.headers["cache-control"]).toMatch(/no-store/);
      }
    });
  }
});

test("whatever else is asked for: what is open is no secret, and the rest wants a session", async ({ product }) => {
  const { nobody, of } = await visitorsOf(product.people);
  await test.step("what pages are made of", async () => {
    const page = await of.viewer.askAsPage("/services");
    const built = [...page.text.matchAll(/"(\/_next\/static\/[^"\\]+\.(?:js|css))/g)].map((match) => match[1] ?? "");
    expect(built.length).toBeGreaterThan(2);
    for (const path of [...new Set(built), ...readdirSync(`${root}/public`).map((file) => `/${file}`), "/icon.svg"])
      expect([path, (await nobody.askAsPage(path)).status]).toEqual([path, 200]);
    expect((await nobody.askAsPage("/healthz")).text).toBe("ok\n");
  });
  await test.step("the audit as a file", async () => {
    expect((await nobody.askAsPage("/audit.csv")).status).toBe(303);
    for (const role of ["viewer", "operator"] as const) {
      const answer = await of[role].askAsPage("/audit.csv");
      expect([role, answer.status]).toEqual([role, 403]);
      expect(answer.text).not.toContain("log-in");
    }
    expect((await of.admin.askAsPage("/audit.csv")).text).toContain("log-in");
  });
  await test.step("connections as a file", async () => {
    expect((await nobody.askAsPage("/connections/export?format=csv")).status).toBe(303);
    const answer = await of.viewer.askAsPage("/connections/export?format=csv&virtual=192.0.2.10:80");
    expect([answer.status, answer.headers["content-type"]]).toEqual([200, "text/csv; charset=utf-8; header=present"]);
    expect(answer.text).toContain(",192.0.2.10,80,");
    expect((await of.viewer.askAsPage("/connections/export?vip=192.0.2.10")).status).toBe(400);
  });
  await test.step("a page for admins under another spelling", async () => {
    for (const path of [
      "//people",
      "/people//",
      "/people/.",
      "/./people",
      "/services/../people",
      "/services/%2e%2e/people",
      "/%70eople",
      "/PEOPLE",
      "/people%2f",
      "/people;x",
      "/people.rsc",
      "/people.txt",
      "/people.segments/_tree.segment.rsc",
      "/_next/../people",
      "/_next/static/../../people",
      "/_next/static/%2e%2e/%2e%2e/people",
      "/_next/data/x/people.json",
      "/login/../people",
      "/icon.svg/../people",
      "/index",
      "/(console)/people",
    ]) {
      for (const client of [nobody, of.operator]) {
        const answer = await client.askAsPage(path);
        const shown = answer.status === 200 && /app\/\(console\)\/people|people-page/.test(answer.text);
        expect([path, client === nobody, shown]).toEqual([path, client === nobody, false]);
        if (client === nobody) expect([path, [303, 308, 400, 401, 404].includes(answer.status)]).toEqual([path, true]);
      }
    }
  });
  await test.step("what is not there, and what better-auth or Next.js would answer elsewhere", async () => {
    for (const path of [
      "/nothing",
      "/api",
      "/api/auth/get-session",
      "/api/auth/sign-up/email",
      "/api/trpc",
      "/_next/image?url=%2Ficon.svg&w=64&q=75",
      "/_next/data/build/index.json",
      "/server/web/main.ts",
      "/web.sqlite",
      "/.env",
      "/.next/BUILD_ID",
    ]) {
      expect([path, (await nobody.askAsPage(path)).status]).toEqual([path, 303]);
      expect([path, (await of.admin.askAsPage(path)).status]).toEqual([path, 404]);
    }
  });
  await test.step("pages are only read", async () => {
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
      for (const path of ["/", "/people", "/login", "/audit.csv"])
        expect([method, path, (await of.admin.askAsPage(path, { method })).status]).toEqual([method, path, 405]);
    expect((await nobody.askAsPage("/people", { method: "HEAD" })).status).toBe(303);
    expect((await of.viewer.askAsPage("/people", { method: "HEAD" })).status).toBe(403);
  });
  await test.step("a header that Next.js trusts from its own parts changes nothing", async () => {
    for (const headers of [
      { "x-middleware-subrequest": "middleware:middleware:middleware:middleware:middleware" },
      { "x-invoke-path": "/people" },
      { "x-matched-path": "/people" },
      { "x-nextjs-data": "1" },
      { "x-console-me": Buffer.from(JSON.stringify({ name: "mallory", role: "admin" })).toString("base64url") },
      { "next-action": "x" },
    ] as Record<string, string>[]) {
      expect((await nobody.askAsPage("/people", { headers })).status).toBe(303);
      expect((await of.viewer.askAsPage("/people", { headers })).status).toBe(403);
      const own = await of.viewer.askAsPage("/account", { headers });
      expect(own.status).toBe(200);
      expect(own.text).not.toContain("mallory");
    }
  });
});
