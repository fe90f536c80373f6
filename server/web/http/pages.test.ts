import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, request as httpRequest, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clientAddress } from "../client-address.ts";
import { contextOf } from "../context.ts";
import { type TestPeople, testPeople } from "../people/people-fixture.ts";
import { type TestWeb, testWeb } from "../web-fixture.ts";
import { accessOf, contentPolicy, isPlainPath, letIn, pageAccess, preparePage } from "./pages.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

describe("the access of a path", () => {
  test("every page of the app is named, and nothing else", () => {
    const app = fileURLToPath(new URL("../../../app", import.meta.url));
    const files = readdirSync(app, { recursive: true, encoding: "utf8" });
    const routes = files
      .filter((file) => /(^|\/)page\.tsx$/.test(file))
      .map((file) => {
        const parts = file.split("/").slice(0, -1);
        return `/${parts.filter((part) => !part.startsWith("(")).join("/")}`;
      });
    expect(routes.sort()).toEqual(Object.keys(pageAccess).sort());
    // A route handler would be one more way in, past the procedures that state their access.
    expect(files.filter((file) => /(^|\/)route\.[jt]sx?$/.test(file))).toEqual([]);
  });

  test.each([
    ["/login", "anyone"],
    ["/setup", "anyone"],
    ["/login/", "anyone"],
    ["/_next/static/chunks/main-0123.js", "anyone"],
    ["/icon.svg", "anyone"],
    ["/theme.js", "anyone"],
    ["/", "viewer"],
    ["/services", "viewer"],
    ["/services/tcp%3A192.0.2.1%3A80", "viewer"],
    ["/account", "viewer"],
    ["/people", "admin"],
    ["/people/", "admin"],
    ["/audit", "admin"],
    ["/_next/image", "viewer"],
    ["/_next/staticx", "viewer"],
    ["/_next/static", "viewer"],
    ["/login/x", "viewer"],
    ["/login.rsc", "viewer"],
    ["/icon.svg/x", "viewer"],
    ["/LOGIN", "viewer"],
    ["/constructor", "viewer"],
    ["/__proto__", "viewer"],
    ["/toString", "viewer"],
  ])("%s: %s", (path, access) => expect(accessOf(path)).toBe(access));

  test.each([
    "/",
    "/people",
    "/people/",
    "/services/tcp%3A192.0.2.1%3A80",
    "/services/[fd00::1]",
    "/services/fwm:5",
    "/%70eople",
    "/a%2fb",
    "/~x!$&'()*+,;=:@",
  ])("%s is written plainly", (path) => expect(isPlainPath(path)).toBe(true));

  test.each([
    "/_next/static/../../people",
    "/_next/static/%2e%2e/%2E%2e/people",
    "/services/../people",
    "/./people",
    "/x/..",
    "//people",
    "//evil.example/people",
    "/\\people",
    "/people\\",
    "\\people",
    "/people#x",
    "/people?x",
    "http://127.0.0.1:3000/people",
    "http://evil.example/people",
    "*",
    "",
    "people",
    "/peo\tple",
    "/peo ple",
    "/ü",
    "//",
    "///",
    "//[",
  ])("%j is not", (path) => expect(isPlainPath(path)).toBe(false));
});

describe("a page over HTTP", () => {
  let at: TestPeople;
  let web: TestWeb;
  let server: Server;
  const shown: { url: string | undefined; headers: Record<string, unknown> }[] = [];
  const cookies: Record<string, string> = { nobody: "" };
  beforeEach(async () => {
    at = testPeople();
    web = testWeb(at);
    for (const role of ["viewer", "operator", "admin"] as const) {
      await at.addUser(role, role);
      cookies[role] = await at.logIn(role);
    }
    shown.length = 0;
    // As main.ts puts the pieces together; what would be Next.js notes what it gets.
    server = createServer(async (request, response) => {
      const context = contextOf(
        web.context(),
        request,
        response,
        clientAddress(request, new (await import("node:net")).BlockList()),
      );
      const visitor = await letIn((request.url ?? "/").split("?", 1)[0] ?? "/", context, request, response);
      if (!visitor) return;
      preparePage(request, response, visitor.me);
      shown.push({ url: request.url, headers: { ...request.headers } });
      response.end("the page");
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    web.stop();
    await at.close();
  });

  async function get(path: string, cookie = "", headers: Record<string, string> = {}) {
    const { port } = server.address() as AddressInfo;
    const [response] = await once(
      httpRequest({
        port,
        host: "127.0.0.1",
        path,
        headers: { ...headers, ...(cookie ? { cookie } : {}) },
        agent: false,
      }).end(),
      "response",
    );
    const text: string = (await response.setEncoding("utf8").toArray()).join("");
    return { status: response.statusCode as number, headers: response.headers as Record<string, string>, text };
  }

  /** As it stands on the wire: no client of ours tidies the path up. */
  async function rawStatus(path: string, cookie: string): Promise<number> {
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, "127.0.0.1");
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncookie: ${cookie}\r\n\r\n`);
    return Number((await socket.setEncoding("latin1").toArray()).join("").slice(9, 12));
  }

  const pages = Object.entries(pageAccess).map(
    ([page, access]) => [page.replace("[key]", "tcp%3A192.0.2.1%3A80"), access] as const,
  );
  test.each(pages)("%s is shown to %s and those above", async (path, access) => {
    const ranks = ["anyone", "viewer", "operator", "admin"];
    for (const who of ["nobody", "viewer", "operator", "admin"]) {
      const rank = who === "nobody" ? 0 : ranks.indexOf(who);
      const answer = await get(path, cookies[who]);
      const fetched = await get(path, cookies[who], { rsc: "1" });
      if (rank >= ranks.indexOf(access)) expect([answer.status, fetched.status]).toEqual([200, 200]);
      else if (who === "nobody") expect([answer.status, fetched.status]).toEqual([303, 401]);
      else expect([answer.status, fetched.status]).toEqual([403, 403]);
      if (who === "nobody" && rank < ranks.indexOf(access)) expect(answer.headers["cache-control"]).toBe("no-store");
    }
  });

  test.each([
    "/_next/static/../../people",
    "/_next/static/%2e%2e/%2e%2e/people",
    "/services/../people",
    "/./people",
    "//people",
    "/\\people",
    "http://evil.example/people",
    "/people#x",
  ])("%s reaches no page", async (path) => {
    for (const who of ["nobody", "viewer", "admin"]) expect(await rawStatus(path, cookies[who] ?? "")).toBe(404);
    expect(shown).toEqual([]);
  });

  test("who is sent to the log-in page comes back to where they wanted to go", async () => {
    const locationOf = async (path: string) => (await get(path)).headers["location"];
    expect(await locationOf("/")).toBe("/login");
    expect(await locationOf("/services?search=a%20b&open=x")).toBe(
      "/login?next=%2Fservices%3Fsearch%3Da%2520b%26open%3Dx",
    );
    for (const path of ["/%0d%0aset-cookie:x=1", "/x?%0d%0aset-cookie:x=1", '/x?"><script>', "/@evil.example"]) {
      const location = await locationOf(path);
      expect(location).toMatch(/^\/login\?next=[\w%.~!'()*-]+$/);
      expect(new URL(location ?? "", "http://console").origin).toBe("http://console");
    }
  });

  test("the page is told who it is for by us, whatever the request says", async () => {
    const forged = Buffer.from(JSON.stringify({ name: "eve", role: "admin" })).toString("base64url");
    const headers = {
      "x-console-me": forged,
      "x-nonce": "eve",
      "content-security-policy": "script-src 'nonce-eve'",
      "x-middleware-subrequest": "middleware",
      "x-middleware-rewrite": "/people",
      "x-middleware-request-x-console-me": forged,
      "x-invoke-path": "/people",
      "x-matched-path": "/people",
      "x-now-route-matches": "1",
      "x-nextjs-data": "1",
      "next-action": "0123456789",
      "next-resume": "1",
      "x-next-resume-state-length": "1",
      "x-prerender-revalidate": "x",
    };
    await get("/services", cookies["viewer"], headers);
    await get("/login", "", headers);
    await get("/_next/static/x.js", cookies["admin"], headers);
    expect(shown).toHaveLength(3);
    const meOf = (at: number) => {
      const text = String(shown[at]?.headers["x-console-me"]);
      return text === "" ? null : (JSON.parse(Buffer.from(text, "base64url").toString()) as unknown);
    };
    expect(meOf(0)).toMatchObject({ name: "viewer", role: "viewer" });
    expect([meOf(1), meOf(2)]).toEqual([null, null]);
    for (const { headers: given } of shown) {
      expect(JSON.stringify(given)).not.toContain("eve");
      const ours = ["x-console-me", "x-nonce", "content-security-policy"];
      for (const name of Object.keys(headers)) if (!ours.includes(name)) expect(given).not.toHaveProperty(name);
    }
  });

  test("each answer has a nonce of its own, and the page the same one", async () => {
    const answers = [await get("/login"), await get("/login")];
    const nonces = answers.map(
      ({ headers }) => /'nonce-([\w+/=]{24})'/.exec(headers["content-security-policy"] ?? "")?.[1],
    );
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(shown.map(({ headers }) => headers["x-nonce"])).toEqual(nonces);
  });

  test("while the file of users cannot be read nobody is let in, but to where it is said", async () => {
    at.raw().exec("ALTER TABLE session RENAME TO elsewhere");
    expect((await get("/services", cookies["admin"])).status).toBe(303);
    expect((await get("/login", cookies["admin"])).status).toBe(200);
    expect((await get("/_next/static/x.js", cookies["admin"])).status).toBe(200);
  });
});

test("the policy lets in no script but ours, and no frame around it", () => {
  for (const policy of [contentPolicy(null), contentPolicy("abc")]) {
    const directives = new Map(policy.split("; ").map((part) => [part.split(" ", 1)[0], part]));
    expect(directives.get("script-src")).not.toMatch(/unsafe|\*|http|data:/);
    expect(directives.get("default-src")).toBe("default-src 'none'");
    expect(directives.get("frame-ancestors")).toBe("frame-ancestors 'none'");
    expect(directives.get("base-uri")).toBe("base-uri 'none'");
    expect(directives.get("form-action")).toBe("form-action 'self'");
  }
});
