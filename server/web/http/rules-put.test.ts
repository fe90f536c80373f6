import { describe, expect, test, vi } from "vitest";
import { mark4, spec } from "#server/director/contract/samples";
import { expectProblem, RulesServer, rules } from "./rules-http-fixture.ts";

vi.mock("../people/passwords.ts", async (original) => ({
  ...(await original<typeof import("../people/passwords.ts")>()),
  hashPassword: (await import("../people/people-fixture.ts")).cheapHash,
}));

const web = new RulesServer();

describe("PUT", () => {
  const other = "-A -t 192.0.2.10:80 -s rr\n-a -t 192.0.2.10:80 -r 10.0.0.2:80 -m -w 9\n-A -f 7 -s wlc\n";

  test("makes the table equal to the text, and touches only what differs", async () => {
    await web.post(rules);
    const answer = await web.put(other);
    expect(answer.json).toMatchObject({
      changes: [
        { line: 2, verb: "edit-server", server: "tcp:192.0.2.10:80>10.0.0.2:80" },
        { line: null, verb: "remove-server", server: "tcp:192.0.2.10:80>10.0.0.1:80" },
        { line: 3, verb: "add-service", service: "fwmark:7" },
      ],
      applied: true,
    });
    expect(await web.now()).toBe(other);
  });

  test("what was got is put back, and again, without a write, a revision or an audit line", async () => {
    await web.post(rules);
    const before = [await web.subject.director.revisions({ limit: 9 }), web.audit()];
    const { text, headers } = await web.get();
    for (const condition of [{ "if-match": headers["etag"] ?? "" }, {}]) {
      const write = vi.spyOn(web.subject.ipvs, "write");
      expect((await web.put(text, condition)).json).toEqual({ changes: [], applied: true, revision: null });
      expect(write).not.toHaveBeenCalled();
    }
    expect([await web.subject.director.revisions({ limit: 9 }), web.audit()]).toEqual(before);
  });

  describe("If-Match", () => {
    const wrong = `"${"0".repeat(64)}"`;
    const cases: [string, (tag: string) => string, number][] = [
      ["the table's tag", (tag) => tag, 200],
      ["it among others", (tag) => `${wrong}, ${tag}`, 200],
      ["any", () => "*", 200],
      ["another tag", () => wrong, 412],
      ["the tag without its quotes", (tag) => tag.slice(1, -1), 412],
      ["a weak tag, which does not say enough", (tag) => `W/${tag}`, 412],
      ["nothing", () => "", 412],
    ];
    test.each(cases)("%s", async (_, header, status) => {
      await web.post(rules);
      const tag = (await web.get()).headers["etag"] ?? "";
      const dry = await web.put(other, { "if-match": header(tag) }, "?dryRun=1");
      const answer = await web.put(other, { "if-match": header(tag) });
      expect([dry.status, answer.status]).toEqual([status, status]);
      if (status === 200) expect(await web.now()).toBe(other);
      else {
        for (const each of [dry, answer]) expectProblem(each, 412, "CONFLICT");
        expect(await web.now()).toBe(rules);
        expect(web.audit().at(-1)).toMatchObject({ action: "table-change", outcome: "CONFLICT" });
      }
    });

    test("holds for POST too", async () => {
      expectProblem(await web.post(rules, "", "operator", { "if-match": wrong }), 412, "CONFLICT");
      expect(
        (await web.post(rules, "", "operator", { "if-match": (await web.get()).headers["etag"] ?? "" })).status,
      ).toBe(200);
    });

    test("of two at once with the same tag one is done, the other gets 412", async () => {
      await web.post(rules);
      const tag = (await web.get()).headers["etag"] ?? "";
      const answers = await Promise.all([web.put(other, { "if-match": tag }), web.put("-C\n", { "if-match": tag })]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.toSorted()).toEqual([200, 412]);
      expect(await web.now()).toBe(statuses[0] === 200 ? other : "");
    });

    /** Lets somebody else move the table between the plan and its doing. */
    function moveMeanwhile(): void {
      const { director } = web.subject;
      const apply = director.apply.bind(director);
      vi.spyOn(director, "apply").mockImplementationOnce(async (changes, options) => {
        await web.subject.outside([{ command: "new-service", service: mark4, spec: spec() }]);
        return apply(changes, options);
      });
    }

    test.each([
      ["a tag", 412],
      ["*", 409],
      ["none", 409],
    ] as const)("a table that moves on the way, with %s: %i, and only that has moved", async (which, status) => {
      await web.post("-A -t 192.0.2.10:80 -s rr\n");
      const tag = (await web.get()).headers["etag"] ?? "";
      moveMeanwhile();
      const answer = await web.put(rules, which === "none" ? {} : { "if-match": which === "*" ? "*" : tag });
      expectProblem(answer, status, "CONFLICT");
      expect(answer.json.line).toBeUndefined();
      expect(await web.now()).toBe("-A -t 192.0.2.10:80 -s rr\n-A -f 7 -s wlc\n");
    });
  });

  describe("a text without a rule in it", () => {
    test.each(["", "\n\n", "# all gone\n", "\ufeff"])("%j is no order to remove everything", async (text) => {
      await web.post(rules);
      for (const query of ["", "?dryRun=1"]) {
        const refused = await web.put(text, {}, query);
        expectProblem(refused, 422);
        expect(refused.json.errors).toEqual([{ line: 1, column: 1, code: "NO_RULE", message: expect.any(String) }]);
        expect(refused.json.errors[0].message).toContain("-C");
      }
      expect(await web.now()).toBe(rules);
    });

    test("is what an empty table is like already", async () => {
      expect((await web.put("")).json).toEqual({ changes: [], applied: true, revision: null });
    });

    test("-C says it", async () => {
      await web.post(rules);
      expect((await web.put("-C\n")).json.changes).toEqual([
        { line: null, verb: "remove-service", service: "tcp:192.0.2.10:80" },
      ]);
      expect(await web.now()).toBe("");
    });

    test("changes nothing when it is run, as with ipvsadm -R", async () => {
      await web.post(rules);
      for (const query of ["", "?mode=merge"])
        expect((await web.post("", query)).json).toEqual({ changes: [], applied: true, revision: null });
      expect(await web.now()).toBe(rules);
    });
  });
});
