import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Role } from "#domain/people";
import { host, type TestPeople, testPeople } from "../people/people-fixture.ts";
import { type TestWeb, testWeb } from "../web-fixture.ts";
import { answerProgram, isForPrograms, programRoutes } from "./program-routes.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

let at: TestPeople;
let web: TestWeb;
let server: Server;
let from: string;
beforeEach(async () => {
  at = testPeople();
  web = testWeb(at);
  from = "192.0.2.7";
  server = createServer((request, response) => void answerProgram(web.context(), request, response, from));
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  web.stop();
  await at.close();
});

const newToken = async (role: Role = "viewer", days: number | null = null) =>
  (await at.people.tokens.add({ name: `${role} ${Math.random()}`, role, days }, host)).token;
const guess = `ipvsc_${"A".repeat(43)}`;

async function ask(path: string, authorization?: string, method = "GET", headers: Record<string, string> = {}) {
  const { port } = server.address() as AddressInfo;
  const given = authorization === undefined ? headers : { ...headers, authorization };
  const [response] = await once(
    httpRequest({ port, host: "127.0.0.1", path, method, headers: given, agent: false }).end(),
    "response",
  );
  const text: string = (await response.setEncoding("utf8").toArray()).join("");
  return { status: response.statusCode as number, headers: response.headers as Record<string, string>, text };
}

function expectProblem(
  { status, headers, text }: Awaited<ReturnType<typeof ask>>,
  expected: number,
  code?: string,
): void {
  expect(status).toBe(expected);
  expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
  expect(headers["cache-control"]).toBe("no-store");
  const problem = JSON.parse(text);
  expect(problem).toMatchObject({ type: "about:blank", status: expected, title: expect.stringMatching(/\S+ \S+/) });
  expect(problem.code).toBe(code);
  expect(Object.keys(problem)).not.toContain("detail");
}

describe("who may ask", () => {
  test.each([
    ["nothing", undefined],
    ["an empty header", ""],
    ["no token", "Bearer"],
    ["no token, but spaces", "Bearer   "],
    ["another scheme", `Basic ${Buffer.from("root:password").toString("base64")}`],
    ["a token of nobody's", `Bearer ${guess}`],
    ["what is no token", "Bearer x"],
    ["two words", `Bearer ${guess} ${guess}`],
    ["a token without its scheme", guess],
    ["garbage", `Bearer ${"=".repeat(5000)}`],
  ])("not who gives %s", async (_, authorization) => {
    for (const { path } of programRoutes) {
      const answer = await ask(path, authorization);
      expectProblem(answer, 401, "TOKEN_NEEDED");
      expect(answer.headers["www-authenticate"]).toBe('Bearer realm="ipvs-console"');
    }
  });

  test("who gives a token that holds, however the scheme is written", async () => {
    const token = await newToken();
    for (const authorization of [`Bearer ${token}`, `bearer ${token}`, `BEARER  ${token} `])
      expect((await ask("/metrics", authorization)).status).toBe(200);
  });

  test("not by a cookie, nor with a token in the address", async () => {
    const token = await newToken("admin");
    await at.addUser("root", "admin");
    const cookie = await at.logIn("root");
    expectProblem(await ask("/api/v1/services", undefined, "GET", { cookie }), 401, "TOKEN_NEEDED");
    for (const name of ["token", "access_token", "authorization", "bearer"])
      expectProblem(await ask(`/metrics?${name}=${token}`), 401, "TOKEN_NEEDED");
    expectProblem(
      await ask("/metrics", undefined, "GET", { "x-api-key": token, "proxy-authorization": `Bearer ${token}` }),
      401,
      "TOKEN_NEEDED",
    );
  });

  test("not with one that was revoked or is past its end", async () => {
    const [revoked, ended] = [await newToken("viewer"), await newToken("operator", 1)];
    expect((await ask("/metrics", `Bearer ${revoked}`)).status).toBe(200);
    for (const { id, role } of await at.people.tokens.list())
      if (role === "viewer") await at.people.tokens.revoke(id, host);
    expectProblem(await ask("/metrics", `Bearer ${revoked}`), 401, "TOKEN_NEEDED");
    expect((await ask("/metrics", `Bearer ${ended}`)).status).toBe(200);
    at.pass(86_400_001);
    expectProblem(await ask("/metrics", `Bearer ${ended}`), 401, "TOKEN_NEEDED");
  });

  test("with at least the role that the route asks for", async () => {
    const tokens: Record<Role, string> = {
      viewer: await newToken("viewer"),
      operator: await newToken("operator"),
      admin: await newToken("admin"),
    };
    const ranks: Role[] = ["viewer", "operator", "admin"];
    for (const route of programRoutes) {
      for (const role of ranks) {
        const answer = await ask(route.path, `Bearer ${tokens[role]}`, route.method);
        if (ranks.indexOf(role) < ranks.indexOf(route.access)) expectProblem(answer, 403, "ROLE_TOO_SMALL");
        else expect([401, 403]).not.toContain(answer.status);
      }
    }
  });
});

describe("what is asked for", () => {
  test("the table, as JSON and as metrics", async () => {
    const authorization = `Bearer ${await newToken()}`;
    const services = await ask("/api/v1/services", authorization);
    expect(services.headers["content-type"]).toBe("application/json; charset=utf-8");
    expect(JSON.parse(services.text).services).toMatchObject([{ id: "tcp:10.0.0.2:80" }]);
    const metrics = await ask("/metrics?servers=1", authorization);
    expect(metrics.headers["content-type"]).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(metrics.text).toContain("10.1.2.1");
    for (const { headers } of [services, metrics]) expect(headers["cache-control"]).toBe("no-store");
  });

  test("of what is no route it says so, only to who has a token", async () => {
    const authorization = `Bearer ${await newToken()}`;
    for (const path of [
      "/api/v1",
      "/api/v1/",
      "/api/v1/nothing",
      "/api/v1/services/",
      "/metrics/",
      "/api/v1/../../people",
    ]) {
      expectProblem(await ask(path), 401, "TOKEN_NEEDED");
      expectProblem(await ask(path, authorization), 404);
    }
  });

  test("a method that it does not take, with those that it does", async () => {
    const authorization = `Bearer ${await newToken("admin")}`;
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]) {
      const answer = await ask("/metrics", authorization, method);
      expectProblem(answer, 405);
      expect(answer.headers["allow"]).toBe("GET");
      expectProblem(await ask("/metrics", undefined, method), 401, "TOKEN_NEEDED");
    }
  });

  test("HEAD as GET without its body", async () => {
    const authorization = `Bearer ${await newToken()}`;
    for (const path of ["/metrics", "/api/v1/services"]) {
      const [get, head] = [await ask(path, authorization), await ask(path, authorization, "HEAD")];
      expect([head.status, head.text, head.headers["content-type"]]).toEqual([200, "", get.headers["content-type"]]);
    }
    expect((await ask("/metrics", undefined, "HEAD")).status).toBe(401);
  });

  test("what is for programs, and what is not", () => {
    for (const path of ["/metrics", "/api/v1", "/api/v1/services"]) expect(isForPrograms(path)).toBe(true);
    for (const path of ["/metrics/", "/metricsx", "/api/v1x", "/api/v2/services", "/API/v1/services", "//metrics", "/"])
      expect(isForPrograms(path)).toBe(false);
  });
});

describe("who guesses", () => {
  test("is told to wait after thirty, whoever holds a token is not", async () => {
    const token = await newToken();
    const statuses: number[] = [];
    for (let i = 0; i < 33; i++) statuses.push((await ask("/metrics", `Bearer ${guess.slice(0, -2)}${i}`)).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(30);
    const answer = await ask("/metrics", `Bearer ${guess}`);
    expectProblem(answer, 429, "TOO_MANY_TRIES");
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(60);
    expect(JSON.parse(answer.text).retryAfterS).toBe(Number(answer.headers["retry-after"]));
    expect((await ask("/metrics", `Bearer ${token}`)).status).toBe(200);
    // Who gives no token guesses none.
    expectProblem(await ask("/metrics"), 401, "TOKEN_NEEDED");
    from = "192.0.2.8";
    expectProblem(await ask("/metrics", `Bearer ${guess}`), 401, "TOKEN_NEEDED");
  });

  test("fills no record: each refusal is a line a minute, whatever path they make up", async () => {
    for (let i = 0; i < 60; i++) await ask(`/api/v1/${"x".repeat(i)}?${i}`, `Bearer ${guess}`);
    await ask("/metrics", `Bearer ${guess}`);
    const lines = at
      .raw()
      .prepare("SELECT actor_kind, address, target, outcome FROM audit WHERE action = 'token-use'")
      .all();
    const line = { actor_kind: "nobody", address: "192.0.2.7" };
    expect(lines).toEqual([
      { ...line, target: "", outcome: "TOKEN_NEEDED" },
      { ...line, target: "", outcome: "TOO_MANY_TRIES" },
      { ...line, target: "/metrics", outcome: "TOO_MANY_TRIES" },
    ]);
    expect(JSON.stringify(lines) + at.logged()).not.toContain(guess.slice(6));
  });
});

describe("when something is broken", () => {
  test("the file of tokens: 503, and nothing of what lies beneath", async () => {
    const token = await newToken();
    at.raw().exec("ALTER TABLE api_token RENAME TO elsewhere");
    const answer = await ask("/metrics", `Bearer ${token}`);
    expectProblem(answer, 503, "PEOPLE_STORE_FAILED");
    expect(answer.text).not.toContain("api_token");
    expect(at.logged()).toContain("no such table: api_token");
  });

  test("a route that fails: 500, said in the log", async () => {
    const token = await newToken();
    const context = web.context();
    server.removeAllListeners("request");
    server.on("request", (request, response) => {
      const director = {
        ...context.director,
        samples: () => {
          throw new TypeError("a bug at /some/path");
        },
      };
      void answerProgram({ ...context, director: director as never }, request, response, from);
    });
    const answer = await ask("/metrics", `Bearer ${token}`);
    expectProblem(answer, 500, "INTERNAL");
    expect(answer.text).not.toContain("bug");
    expect(at.logged()).toContain("a bug at /some/path");
  });
});
