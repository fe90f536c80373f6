import { describe, expect, test, vi } from "vitest";
import { DirectorError } from "#domain/errors";
import { http } from "#server/director/contract/samples";
import { expectProblem, RulesServer, rules } from "./rules-http-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

const web = new RulesServer();

describe("GET", () => {
  test("the table as rule text with a tag that is the table's", async () => {
    const empty = await web.get();
    expect([empty.status, empty.text]).toEqual([200, ""]);
    await web.post(rules);
    const full = await web.get();
    expect([full.status, full.text]).toEqual([200, rules]);
    expect(full.headers["content-type"]).toBe("text/plain; charset=utf-8");
    expect(full.headers["cache-control"]).toBe("no-store");
    expect(full.headers["etag"]).toMatch(/^"[0-9a-f]{64}"$/);
    expect(full.headers["etag"]).not.toBe(empty.headers["etag"]);
    await web.subject.traffic(http);
    expect((await web.get()).headers["etag"]).toBe(full.headers["etag"]);
  });

  test("HEAD: the tag alone", async () => {
    await web.post(rules);
    const [whole, head] = [await web.get(), await web.get("viewer", "HEAD")];
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers["etag"]).toBe(whole.headers["etag"]);
  });

  test("a table that cannot be had: the code, and no text", async () => {
    web.subject.ipvs.fail("ENOENT-family");
    expectProblem(await web.get(), 503, "NOT_AVAILABLE");
    expectProblem(await web.put(rules), 503, "NOT_AVAILABLE");
  });
});

describe("who may", () => {
  test.each([
    ["POST", null, 401, "TOKEN_NEEDED"],
    ["PUT", null, 401, "TOKEN_NEEDED"],
    ["POST", "viewer", 403, "ROLE_TOO_SMALL"],
    ["PUT", "viewer", 403, "ROLE_TOO_SMALL"],
    ["PUT", "operator", 403, "ROLE_TOO_SMALL"],
  ] as const)("%s not as %s: %i", async (method, role, status, code) => {
    expectProblem(await web.send(method, rules, role), status, code);
    expect(await web.now()).toBe("");
  });

  test("GET not as nobody", async () => {
    expectProblem(await web.get(null), 401, "TOKEN_NEEDED");
  });

  test.each([
    ["-C", ""],
    [`-C\n${rules}`, ""],
    ["-C", "?dryRun=1"],
    ["--start-daemon master --mcast-interface eth0", ""],
    ["--start-daemon master --mcast-interface eth0", "?mode=merge"],
    ["--stop-daemon master", ""],
  ])("%j%s takes an admin, and is written down when it was an operator", async (text, query) => {
    await web.post(rules);
    const refused = await web.post(text, query);
    expectProblem(refused, 403, "ROLE_TOO_SMALL");
    expect(refused.json.role).toBe("admin");
    expect(await web.now()).toBe(rules);
    expect(await web.subject.director.daemons()).toEqual([]);
    expect(web.audit().at(-1)).toMatchObject({
      actor: "a operator",
      action: "token-use",
      target: "POST /api/v1/rules",
      outcome: "ROLE_TOO_SMALL",
    });
    expect([200, 409]).toContain((await web.post(text, query, "admin")).status);
  });

  test("a merge that skips its -C, and timeouts, are an operator's", async () => {
    await web.post(rules);
    expect((await web.post("-C\n", "?mode=merge")).status).toBe(200);
    expect((await web.post("--set 10 20 30\n")).status).toBe(200);
    expect(await web.now()).toBe(rules);
    expect(await web.subject.director.timeouts()).toEqual({ tcpS: 10, tcpFinS: 20, udpS: 30 });
  });
});

describe("POST", () => {
  test("runs the lines, and says what each has done", async () => {
    const answer = await web.post(`# a file\n${rules}-Z -t 192.0.2.10:80\n--set 10 20 30\n`);
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
    const service = "tcp:192.0.2.10:80";
    const [revision] = await web.subject.director.revisions({ limit: 1 });
    expect(answer.json).toEqual({
      changes: [
        { line: 2, verb: "add-service", service },
        { line: 3, verb: "add-server", service, server: `${service}>10.0.0.1:80` },
        { line: 4, verb: "add-server", service, server: `${service}>10.0.0.2:80` },
        { line: 6, verb: "set-timeouts" },
        { line: 5, verb: "zero", service },
      ],
      applied: true,
      revision: revision?.id,
    });
    expect(revision?.by).toEqual({ name: "a operator", source: "api", from: "192.0.2.7" });
    expect(await web.now()).toBe(rules);
  });

  test("an -A of what exists: 409 with its line, and none of the other lines is done", async () => {
    await web.post(rules);
    const refused = await web.post(`-A -f 7 -s rr\n\n${rules}`);
    expectProblem(refused, 409, "SERVICE_EXISTS");
    expect(refused.json.line).toBe(3);
    expect(await web.now()).toBe(rules);
    expect(web.audit().at(-1)).toMatchObject({
      actor: "a operator",
      action: "table-change",
      outcome: "SERVICE_EXISTS",
    });
  });

  test("what the kernel refuses half way: 409 with its line, and the table as it was", async () => {
    await web.post(rules);
    const text = "-E -t 192.0.2.10:80 -s wrr\n-D -t 192.0.2.10:80\n-A -f 7 -s rr\n# not here\n-A -f 8 -s twos\n-Z\n";
    const refused = await web.post(text);
    expectProblem(refused, 409, "NO_SUCH_SCHEDULER_OR_ENGINE");
    expect(refused.json.line).toBe(5);
    expect(await web.now()).toBe(rules);
    expect(web.audit().at(-1)).toMatchObject({ target: "5 changes", outcome: "NO_SUCH_SCHEDULER_OR_ENGINE" });
  });

  test("?mode=merge: adds and edits, removes nothing, and is done twice as well as once", async () => {
    await web.post(rules);
    const text =
      "-A -t 192.0.2.10:80 -s wrr\n-a -t 192.0.2.10:80 -r 10.0.0.3:80 -m\n-d -t 192.0.2.10:80 -r 10.0.0.1:80\n";
    const merged = await web.post(text, "?mode=merge");
    expect(merged.json.changes.map(({ line, verb }: { line: number; verb: string }) => [line, verb])).toEqual([
      [1, "edit-service"],
      [2, "add-server"],
    ]);
    const after = rules.replace("-s rr", "-s wrr").concat("-a -t 192.0.2.10:80 -r 10.0.0.3:80 -m -w 1\n");
    expect(await web.now()).toBe(after);
    expect((await web.post(text, "?mode=merge")).json).toEqual({ changes: [], applied: true, revision: null });
  });

  test("?dryRun=1: the same answer and the same refusals, and nothing is written anywhere", async () => {
    const dry = await web.post(rules, "?dryRun=1");
    expect([await web.now(), await web.subject.director.revisions({ limit: 9 }), web.audit()]).toEqual(["", [], []]);
    const done = await web.post(rules);
    expect(dry).toMatchObject({ status: 200, json: { ...done.json, applied: false, revision: null } });
    const refused = await web.post(rules, "?dryRun=1");
    expectProblem(refused, 409, "SERVICE_EXISTS");
    expect(refused.json.line).toBe(1);
    expect((await web.post(`${rules}-E -t 192.0.2.10:80 -s wlc`, "?dryRun=1&mode=merge")).json.changes).toMatchObject([
      { line: 4, verb: "edit-service" },
    ]);
    expect(await web.now()).toBe(rules);
  });

  test.each([
    ["POST", "?mode=nonsense"],
    ["POST", "?mode="],
    ["POST", "?mode=replace"],
    ["POST", "?mode=merge&mode=run"],
    ["PUT", "?mode=merge"],
    ["PUT", "?dryRun=true"],
    ["POST", "?dryRun=0"],
    ["POST", "?dryRun"],
    ["POST", "?dry-run=1"],
    ["POST", "?dryrun=1"],
    ["PUT", "?__proto__=1"],
  ])("%s %s: 400, since it may have been meant to keep this from writing", async (method, query) => {
    expectProblem(await web.send(method, rules, "admin", query), 400);
    expect(await web.now()).toBe("");
  });

  test("names are looked up here, and the answer says what they became", async () => {
    expectProblem(await web.post("-A -t nobody.invalid:80 -s rr\n"), 422);
    const answer = await web.post("-A -t 192.0.2.10:http -s rr\n");
    expect(answer.json.changes).toEqual([{ line: 1, verb: "add-service", service: "tcp:192.0.2.10:80" }]);
  });
});

test("beside another manager a program is not asked, and its revision says in spite of whom", async () => {
  const keepalived = { manager: "keepalived", evidence: "/proc/77/comm", here: true } as const;
  vi.spyOn(web.subject.director, "managers").mockResolvedValue([keepalived]);
  expect((await web.post(rules)).status).toBe(200);
  const [revision] = await web.subject.director.revisions({ limit: 1 });
  expect(revision?.note).toBe("(despite keepalived)");
});

describe("when something goes wrong", () => {
  test("a table that is neither the old nor the new: 500 with its code, not 409", async () => {
    const params = { detail: "tcp:192.0.2.10:80", left: 1, refusal: "REFUSED" };
    vi.spyOn(web.subject.director, "apply").mockRejectedValueOnce(
      new DirectorError("ROLLBACK_FAILED", { changeIndex: 1, params }),
    );
    const answer = await web.post(rules);
    expectProblem(answer, 500, "ROLLBACK_FAILED");
    expect(answer.json).toMatchObject({ line: 2, left: 1, refusal: "REFUSED" });
  });

  test("an answer that does not come: 504, and no line is blamed", async () => {
    vi.spyOn(web.subject.director, "apply").mockRejectedValueOnce(new DirectorError("TIMED_OUT"));
    expectProblem(await web.post(rules), 504, "TIMED_OUT");
  });
});

test("the audit has who did it, to which rows, what they were and what was asked for", async () => {
  await web.post("-A -t 192.0.2.10:80 -s rr\n");
  await web.put("-A -t 192.0.2.10:80 -s wlc\n-A -f 7 -s rr\n");
  const by = { actor_kind: "token", action: "table-change", outcome: "done" };
  const service = "tcp:192.0.2.10:80";
  expect(web.audit()).toMatchObject([
    {
      ...by,
      actor: "a operator",
      target: service,
      before: [{ row: service, spec: null }],
      after: [{ row: service, verb: "add-service", spec: { scheduler: "rr" } }],
    },
    {
      ...by,
      actor: "a admin",
      target: "2 changes",
      before: {
        rows: [
          { row: service, spec: { scheduler: "rr" } },
          { row: "fwmark:7", spec: null },
        ],
      },
      after: {
        revision: expect.any(Number),
        rows: [
          { row: service, verb: "edit-service", spec: { scheduler: "wlc" } },
          { row: "fwmark:7", verb: "add-service" },
        ],
      },
    },
  ]);
});
