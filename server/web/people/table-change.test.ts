import { describe, expect, test } from "vitest";
import type { Change } from "#domain/change";
import { DirectorError } from "#domain/errors";
import {
  addServer,
  addService,
  editServer,
  http,
  mark4,
  removeServer,
  setWeight,
  spec,
  web1,
  web2,
} from "#server/director/contract/samples";
import type { Applied } from "#server/director/director";
import { changedFields } from "../../../components/audit/changed-fields.ts";
import type { Audit, AuditLine } from "./audit.ts";
import { host } from "./people-fixture.ts";
import { auditedChange } from "./table-change.ts";

/** What the audit is told of changes that end like that. */
async function toldOf(changes: readonly Change[], end: Applied | DirectorError): Promise<AuditLine[]> {
  const lines: AuditLine[] = [];
  const audit = { write: async (line: AuditLine) => void lines.push(line) } as unknown as Audit;
  const work = async () => {
    if (end instanceof DirectorError) throw end;
    return end;
  };
  const answer = await auditedChange(audit, host, changes, work).catch((thrown: unknown) => thrown);
  expect(answer).toBe(end);
  return lines;
}
const unread: Applied = { results: [], revision: 7 };
const heavier = { ...editServer(http, { ...web1, weight: 9 }), expected: web1 } as Change;
const row = "tcp:192.0.2.10:80>10.0.0.1:80";

describe("one change", () => {
  test("is a line of its row, with what it was and what it was read back as", async () => {
    const record = { spec: { ...web1, weight: 8 } } as never;
    const [line] = await toldOf([heavier], { results: [{ kind: "server", record }], revision: 7 });
    expect(line).toMatchObject({ doer: host, action: "table-change", target: row });
    expect(line?.outcome).toBeUndefined();
    expect(changedFields(line?.before, line?.after)).toEqual([
      { path: "spec.weight", before: "1", after: "8" },
      { path: "verb", before: null, after: "edit-server" },
    ]);
  });

  test("that is not read back has what was asked for in its place", async () => {
    const [line] = await toldOf([heavier], unread);
    expect(changedFields(line?.before, line?.after)[0]).toEqual({ path: "spec.weight", before: "1", after: "9" });
  });

  test("that is refused has its code, and what was asked for", async () => {
    const [line] = await toldOf([setWeight(http, web1, 5)], new DirectorError("CONFLICT"));
    expect(line).toMatchObject({ target: row, outcome: "CONFLICT", after: [{ row, verb: "set-weight", weight: 5 }] });
  });

  test.each<[Change, string, object]>([
    [addService(mark4), "fwmark:7", { spec: spec() }],
    [removeServer(http, web2), "tcp:192.0.2.10:80>10.0.0.2:80", { spec: null }],
    [{ verb: "zero", service: mark4 }, "fwmark:7", {}],
    [{ verb: "zero", service: null }, "counters", {}],
    [{ verb: "clear" }, "table", { revision: 7 }],
    [
      { verb: "set-timeouts", timeouts: { tcpS: 1, tcpFinS: 2, udpS: 3 } },
      "timeouts",
      { timeouts: { tcpS: 1, tcpFinS: 2, udpS: 3 } },
    ],
    [{ verb: "stop-daemon", role: "backup" }, "sync daemon backup", { role: "backup" }],
  ])("%j is told as what it is about", async (change, target, asked) => {
    const [line] = await toldOf([change], unread);
    expect(line).toMatchObject({ target, after: [{ row: target, verb: change.verb, ...asked }] });
  });
});

describe("several", () => {
  test("are one line with their number, the revision, and only what is different", async () => {
    const [line] = await toldOf([addServer(http, web2), heavier], unread);
    expect(line?.target).toBe("2 changes");
    const fields = changedFields(line?.before, line?.after);
    expect(fields).toContainEqual({ path: "rows.2.spec.weight", before: "1", after: "9" });
    expect(fields).toContainEqual({ path: "rows.1.spec.address", before: null, after: "10.0.0.2" });
    expect(fields).toContainEqual({ path: "revision", before: null, after: "7" });
    expect(fields.map(({ path }) => path)).not.toContain("rows.2.spec.forward");
  });

  test("that are refused are told in the same form", async () => {
    const [line] = await toldOf([heavier, removeServer(http, web2)], new DirectorError("REFUSED", { changeIndex: 1 }));
    expect(line).toMatchObject({ outcome: "REFUSED", target: "2 changes" });
    expect(changedFields(line?.before, line?.after)).toEqual([
      { path: "rows.1.spec.weight", before: "1", after: "9" },
      { path: "rows.1.verb", before: null, after: "edit-server" },
      { path: "rows.2.verb", before: null, after: "remove-server" },
    ]);
  });

  test("of many the first hundred are told", async () => {
    const many = Array.from({ length: 5000 }, (_, at) => addServer(http, { ...web1, port: at + 1 }));
    const [line] = await toldOf(many, unread);
    expect(line?.target).toBe("5000 changes");
    for (const told of [line?.before, line?.after])
      expect(told).toMatchObject({ rows: expect.toSatisfy((rows: unknown[]) => rows.length === 100) });
  });
});

test("nothing to do is no line; nothing done because it was refused is one", async () => {
  expect(await toldOf([], { results: [], revision: null })).toEqual([]);
  expect(await toldOf([], new DirectorError("SERVICE_EXISTS"))).toMatchObject([{ outcome: "SERVICE_EXISTS" }]);
});
