import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AuditEntry, type AuditFilter, auditFilterSchema } from "#domain/audit";
import { type TestPeople, testPeople } from "../people/people-fixture.ts";
import { auditFilterOf, auditLine, sendAuditCsv } from "./audit-csv.ts";

/** RFC 4180, to the letter: what it does not allow throws. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let rest = text;
  while (rest !== "") {
    const [all, quoted, plain, end] = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest) ?? [];
    if (all === undefined) throw new Error(`not CSV: ${rest.slice(0, 60)}`);
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") {
      rows.push(row);
      row = [];
    }
    rest = rest.slice(all.length);
  }
  return rows;
}

const entry: AuditEntry = {
  id: 7,
  atMs: Date.UTC(2026, 10, 21, 15, 20, 30, 123),
  actorKind: "user",
  actor: "ann",
  from: "2001:db8::1",
  action: "user-role",
  target: "bob",
  outcome: "done",
  before: { role: "viewer" },
  after: { role: "admin", note: 'a "quoted" word,\r\nanother line' },
};

describe("a line", () => {
  test("is one record with every field, JSON as JSON", () => {
    expect(parseCsv(auditLine(entry))).toEqual([
      [
        ...["7", "2026-11-21T15:20:30.123Z", "user", "ann", "2001:db8::1", "user-role", "bob", "done"],
        ...[JSON.stringify(entry.before), JSON.stringify(entry.after)],
      ],
    ]);
    expect(parseCsv(auditLine({ ...entry, before: null, after: null }))[0]?.slice(8)).toEqual(["", ""]);
  });

  test.each(['say "x"', "a,b", "two\r\nlines", "a\nb", '"', '""', "ends,", "비밀번호", "\u2028", " spaces "])(
    "%j comes back as it was",
    (target) => {
      expect(parseCsv(auditLine({ ...entry, target }))[0]?.[6]).toBe(target);
    },
  );

  test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://evil.example","x")', "\n=1"])(
    "%j is no formula to a spreadsheet",
    (target) => {
      const cell = parseCsv(auditLine({ ...entry, target }))[0]?.[6];
      expect(cell).toBe(`'${target}`);
    },
  );
});

describe("the filter in an address", () => {
  const filterOf = (query: string) => auditFilterOf(new URLSearchParams(query));
  const every = auditFilterSchema.parse({});

  test.each<[string, AuditFilter]>([
    ["", every],
    ["actor=&action=&outcome=&text=&sinceMs=&untilMs=", every],
    [
      "actor=ann&action=log-in&outcome=refused&text=a%25b&sinceMs=1&untilMs=2",
      { actor: "ann", action: "log-in", outcome: "refused", text: "a%b", sinceMs: 1, untilMs: 2 },
    ],
    ["unknown=1&__proto__=x&constructor=y", every],
    ["actor=ann&actor=bob", { ...every, actor: "bob" }],
  ])("%s", (query, filter) => expect(filterOf(query)).toEqual(filter));

  test.each([
    "action=shell",
    "outcome=maybe",
    "sinceMs=x",
    "sinceMs=-1",
    "sinceMs=1.5",
    "untilMs=1e400",
    `actor=${"x".repeat(65)}`,
    `text=${"x".repeat(201)}`,
  ])("%s is none", (query) => expect(filterOf(query)).toBeNull());
});

describe("the download", () => {
  let at: TestPeople;
  let server: Server;
  let failures: unknown[];
  let sent: Promise<void>[];
  beforeEach(async () => {
    at = testPeople();
    failures = [];
    sent = [];
    server = createServer((_request, response) => {
      const answer = sendAuditCsv(at.people.audit, auditFilterSchema.parse({}), response);
      sent.push(answer);
      answer.catch((error) => {
        failures.push(error);
        response.writeHead(500).end();
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await at.close();
  });

  const fill = async (count: number, size = 10) => {
    for (let i = 1; i <= count; i++)
      await at.people.audit.write({
        doer: { kind: "user", name: "ann", from: "" },
        action: "table-change",
        target: String(i),
        after: "x".repeat(size),
      });
  };
  async function download(method = "GET"): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    const [response] = await once(httpRequest({ port, host: "127.0.0.1", method, agent: false }).end(), "response");
    return response;
  }
  const textOf = async (response: IncomingMessage) => (await response.setEncoding("utf8").toArray()).join("");

  test("holds every line once, newest first, under the names of its columns", async () => {
    await fill(450);
    const response = await download();
    expect(response.headers["content-type"]).toBe("text/csv; charset=utf-8; header=present");
    expect(response.headers["content-disposition"]).toBe('attachment; filename="audit.csv"');
    expect(response.headers["cache-control"]).toBe("no-store");
    const [head, ...rows] = parseCsv(await textOf(response));
    expect(head).toEqual([
      "id",
      "time",
      "actor_kind",
      "actor",
      "address",
      "action",
      "target",
      "outcome",
      "before",
      "after",
    ]);
    expect(rows.map((row) => row[6])).toEqual(Array.from({ length: 450 }, (_, i) => String(450 - i)));
  });

  test("of nothing is the names of the columns, and of HEAD nothing", async () => {
    expect(parseCsv(await textOf(await download()))).toHaveLength(1);
    await fill(3);
    expect(await textOf(await download("HEAD"))).toBe("");
  });

  test("that cannot be read is an answer of its own", async () => {
    await fill(1);
    at.raw().exec("ALTER TABLE audit RENAME TO elsewhere");
    expect((await download()).statusCode).toBe(500);
    expect(failures).toMatchObject([{ code: "PEOPLE_STORE_FAILED" }]);
  });

  test("that fails half way breaks off, and does not look whole", async () => {
    await fill(600, 30_000);
    const response = await download();
    at.raw().exec("ALTER TABLE audit RENAME TO elsewhere");
    await expect(textOf(response)).rejects.toThrow(/aborted|ECONNRESET/);
    await Promise.all(sent);
    expect(failures).toEqual([]);
  });

  test("waits for a reader who is slow, and ends with one who goes away", async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error) => void warnings.push(warning);
    process.on("warning", warn);
    await fill(600, 30_000);
    const pages = vi.spyOn(at.people.audit, "page");
    const response = await download();
    response.pause();
    await new Promise((resolve) => setTimeout(resolve, 300));
    // 200 lines of 30 kB each are more than any socket holds.
    expect(pages.mock.calls.length).toBeLessThan(4);
    response.destroy();
    await Promise.all(sent);
    expect(pages.mock.calls.length).toBeLessThan(4);
    process.off("warning", warn);
    expect(warnings).toEqual([]);
  });
});
