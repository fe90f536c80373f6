import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PlanMode } from "#domain/rules/plan";
import { mark4, spec } from "#server/director/contract/samples";
import { simulatedSubject } from "#server/director/contract/simulated-subject";
import { refusal } from "#server/director/contract/subject";
import { NameBook } from "../names.ts";
import { applyPlanned, planNow, rulesOf } from "./apply-text.ts";

const by = { name: "ann", source: "api" } as const;
const one = "-A -t 10.0.0.9:80 -s rr\n-a -t 10.0.0.9:80 -r 10.1.0.1:80 -m -w 1\n";
const book = new NameBook();

let subject: Awaited<ReturnType<typeof simulatedSubject>>;
beforeEach(async () => {
  subject = await simulatedSubject();
});
afterEach(() => subject.close());

const plan = (text: string, mode: PlanMode = "run") => planNow(subject.director, text, mode, book);
const now = async () => rulesOf(await subject.director.table());
const revisions = () => subject.director.revisions({ limit: 10 });

describe("rulesOf", () => {
  test("is the text with its tag, and how many rows of each kind there are", async () => {
    expect(await now()).toMatchObject({ text: "", services: 0, servers: 0 });
    await applyPlanned(subject.director, await plan(`${one}-A -f 7 -s wlc\n`), { by });
    expect(await now()).toMatchObject({ text: `${one}-A -f 7 -s wlc\n`, services: 2, servers: 1 });
  });

  test("its tag stays with the table when counters move, and goes with any setting", async () => {
    await applyPlanned(subject.director, await plan(one), { by });
    const { tag } = await now();
    await subject.traffic({ kind: "address", protocol: "tcp", address: "10.0.0.9", port: 80 });
    expect((await now()).tag).toBe(tag);
    await applyPlanned(subject.director, await plan("-e -t 10.0.0.9:80 -r 10.1.0.1:80 -m -w 2\n"), { by });
    expect((await now()).tag).not.toBe(tag);
  });
});

describe("applyPlanned", () => {
  test("does the whole plan, as one revision of who asked", async () => {
    const applied = await applyPlanned(subject.director, await plan(one), { by, note: "first" });
    expect((await now()).text).toBe(one);
    expect(applied.results).toEqual([]);
    expect(await revisions()).toMatchObject([{ id: applied.revision, by, note: "first", what: { "add-service": 1 } }]);
  });

  test("CONFLICT when the table moved since it was planned for, even where the plan does not look", async () => {
    const planned = await plan(one);
    await subject.outside([{ command: "new-service", service: mark4, spec: spec({ scheduler: "rr" }) }]);
    const shape = await refusal(applyPlanned(subject.director, planned, { by }));
    expect(shape.code).toBe("CONFLICT");
    expect(shape).not.toHaveProperty("changeIndex");
    expect((await now()).text).toBe("-A -f 7 -s rr\n");
  });

  test("a table that moved and came back is the one that was planned for", async () => {
    const planned = await plan(one);
    await applyPlanned(subject.director, await plan("-A -f 7 -s rr\n"), { by });
    await applyPlanned(subject.director, await plan("-D -f 7\n"), { by });
    await applyPlanned(subject.director, planned, { by });
    expect((await now()).text).toBe(one);
  });

  test("of two made for the same table one is done, the other gets CONFLICT", async () => {
    const plans = await Promise.all([plan(one, "replace"), plan("-A -f 7 -s rr\n", "replace")]);
    const codes = await Promise.all(
      plans.map((each) =>
        applyPlanned(subject.director, each, { by }).then(
          () => "done",
          ({ code }) => code,
        ),
      ),
    );
    expect(codes).toEqual(["done", "CONFLICT"]);
    expect((await now()).text).toBe(one);
  });

  test.each([
    ["that asks for nothing", "# nothing\n", "run"],
    ["that the table is like already", one, "replace"],
  ] as const)("a text %s writes nothing and is no revision", async (_, text, mode) => {
    await applyPlanned(subject.director, await plan(one), { by });
    const before = await revisions();
    const write = vi.spyOn(subject.ipvs, "write");
    expect(await applyPlanned(subject.director, await plan(text, mode), { by })).toEqual({
      results: [],
      revision: null,
    });
    expect(write).not.toHaveBeenCalled();
    expect(await revisions()).toEqual(before);
  });

  test.each([
    ["with problems", `${one}-A\n-a\n`, "replace", "INVALID", { lines: 2 }],
    ["that is refused", `-A -f 7 -s rr\n${one}`, "run", "SERVICE_EXISTS", { line: 2 }],
  ] as const)("a text %s is not taken for done, and writes nothing", async (_, text, mode, code, params) => {
    await applyPlanned(subject.director, await plan(one), { by });
    const write = vi.spyOn(subject.ipvs, "write");
    const shape = await refusal(applyPlanned(subject.director, await plan(text, mode), { by }));
    expect(shape).toEqual({ code, params });
    expect(write).not.toHaveBeenCalled();
  });

  test("what the kernel refuses half way leaves the table as it was, and names the line", async () => {
    await applyPlanned(subject.director, await plan(one), { by });
    const { text } = await now();
    const planned = await plan(`# rows\n-A -f 7 -s rr\n\n-a -f 7 -r 10.1.0.2 -g\n-A -f 8 -s twos\n-A -f 9 -s rr\n`);
    expect(planned.refusals).toEqual([]);
    const shape = await refusal(applyPlanned(subject.director, planned, { by }));
    expect(shape).toMatchObject({ code: "NO_SUCH_SCHEDULER_OR_ENGINE", changeIndex: 2, params: { line: 5 } });
    expect((await now()).text).toBe(text);
    expect(await revisions()).toHaveLength(1);
  });

  test("a refused setting takes the rows before it back, and one behind it is not tried", async () => {
    const planned = await plan(`${one}--stop-daemon backup\n--set 10 20 30\n-Z\n`);
    const shape = await refusal(applyPlanned(subject.director, planned, { by }));
    expect(shape).toMatchObject({ code: "DAEMON_NOT_RUNNING", params: { line: 3 } });
    expect((await now()).text).toBe("");
    expect(await subject.director.timeouts()).toEqual({ tcpS: 900, tcpFinS: 120, udpS: 300 });
  });
});
