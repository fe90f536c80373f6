import { describe, expect, test } from "vitest";
import type { Connection } from "#domain/connection";
import type { ConnectionsDocument } from "#domain/connections-document";
import { connectionsTable } from "./connections-table.ts";

const http: Connection = {
  protocol: "tcp",
  client: { address: "10.0.0.9", port: 50_000 },
  virtual: { address: "192.0.2.10", port: 80 },
  server: { address: "10.0.1.11", port: 8080 },
  state: "ESTABLISHED",
  expiresS: 899,
  isTemplate: false,
  holds: null,
  engine: null,
  origin: null,
};
const six: Connection = {
  ...http,
  client: { address: "2001:db8::9", port: 1 },
  virtual: { address: "2001:db8::80", port: 80 },
  state: "TIME_WAIT",
  expiresS: 7322,
};
const template: Connection = { ...http, client: { address: "10.0.0.0", port: 0 }, state: "ASSURED", isTemplate: true };

function document(parts: Partial<ConnectionsDocument> = {}, read: Partial<ConnectionsDocument["read"]> = {}) {
  const { connections = [] } = parts;
  const usual = { state: "complete", rowsRead: 1234, rowsExpected: 1230, tookMs: 430 } as const;
  const counted = { matched: connections.length, held: connections.length, ...usual };
  return {
    ...{ offset: 0, connections, groups: null, ...parts },
    read: { id: "an-id", readAt: "2026-11-21T14:03:07.000Z", ...counted, ...read },
  };
}
const lines = (...given: Parameters<typeof document>) => connectionsTable(document(...given)).split("\n");

describe("connections in a terminal", () => {
  test("are lines as ipvsadm -Lnc has them, below what was read when", () => {
    expect(lines({ connections: [http, six] })).toEqual([
      "2 of 1,234 rows match, read at 2026-11-21T14:03:07.000Z in 0.4 s",
      "pro  expire  state        source           virtual            destination",
      "TCP  14:59   ESTABLISHED  10.0.0.9:50000   192.0.2.10:80      10.0.1.11:8080",
      "TCP  122:02  TIME_WAIT    [2001:db8::9]:1  [2001:db8::80]:80  10.0.1.11:8080",
      "",
    ]);
  });

  test("tell what templates hold, of engines and of who made them, where there is something to tell", () => {
    const sip = { ...template, holds: 12_345, engine: { name: "sip", data: "one@host" }, origin: "sync" as const };
    const [, head, first, second] = lines({ connections: [sip, { ...template, origin: "local" }] });
    expect(head).toMatch(/destination +holds +origin +engine$/);
    expect(first).toMatch(/10\.0\.1\.11:8080 +12,345 +sync +sip one@host$/);
    expect(second).toMatch(/10\.0\.1\.11:8080 +- +local$/);
  });

  test("never move the cursor", () => {
    const connections = [{ ...template, engine: { name: "sip", data: "\x1b[2J\x1b]0;title\x07x" } }];
    expect(connectionsTable(document({ connections }))).not.toContain("\x1b");
  });

  test("say what is not shown, not held or not read", () => {
    const cut = { state: "cancelled", rowsExpected: 5000, matched: 900, held: 900 } as const;
    expect(lines({ connections: [http] }, cut)).toEqual([
      "900 of 1,234 rows match, read at 2026-11-21T14:03:07.000Z in 0.4 s; cut short, of about 5,000 rows",
      expect.any(String),
      expect.any(String),
      "1 of 900 shown; --limit shows more",
      "",
    ]);
    const last = lines({ connections: [http] }, { matched: 900, held: 1 }).at(-2);
    expect(last).toBe("1 of 900 shown; more are not held: filter for fewer");
  });

  test("none: only what was read", () => {
    expect(lines()).toEqual(["0 of 1,234 rows match, read at 2026-11-21T14:03:07.000Z in 0.4 s", ""]);
  });
});

describe("groups in a terminal", () => {
  test("are counts with their shares", () => {
    const groups = {
      by: "client" as const,
      groups: [
        { name: "10.0.0.9", connections: 1500 },
        { name: "2001:db8::9", connections: 480 },
      ],
      ...{ total: 3, others: 20 },
    };
    expect(lines({ groups }, { matched: 2000 }).slice(1)).toEqual([
      "connections    share  client",
      "      1,500   75.0 %  10.0.0.9",
      "        480   24.0 %  2001:db8::9",
      "         20    1.0 %  others",
      "2 of 3 groups shown; --limit shows more",
      "",
    ]);
  });
});
