import { describe, expect, test } from "vitest";
import { connectionFilterSchema } from "../connection.ts";
import { connectionMatcher } from "./match.ts";
import { connectionRowBytes } from "./packed-row.ts";
import { newReadNames, readConnectionLine } from "./read-line.ts";

const rows = {
  http: "TCP 0A000009 C350 C000020A 0050 0A00010B 1F90 ESTABLISHED     899 LOCAL",
  closing: "TCP 0A000109 C351 C000020A 0050 0A00010C 1F90 TIME_WAIT        99 SYNC",
  dns: "UDP 0A000009 C352 C0000235 0035 0A000235 0035 UDP             300 LOCAL",
  six: "TCP 2001:0db8:0000:0000:0000:0000:0000:0009 C350 2001:0db8:0000:0000:0000:0000:0000:0080 0050 0A00010B 1F90 ESTABLISHED 899 LOCAL",
  template: "TCP 0A000000 0000 C000020A 01BB 0A00010B 01BB ASSURED         358 LOCAL",
  mark: "IP  0A000000 0000 00000007 0000 0A00010B 0000 NONE            358 LOCAL",
};

/** The names of the rows that a filter takes. */
function taken(filter: Record<string, unknown>): string[] {
  const names = newReadNames();
  const matches = connectionMatcher(connectionFilterSchema.parse(filter), names.states.texts);
  return Object.entries(rows).flatMap(([name, text]) => {
    const row = new DataView(new ArrayBuffer(connectionRowBytes));
    const line = text.replace(/ (\d+) (LOCAL|SYNC)$/, " $2 $1");
    expect(readConnectionLine(line, true, names, row)).toBe(true);
    return matches(row) ? [name] : [];
  });
}

describe("a filter takes", () => {
  test("all connections when it says nothing, and templates apart", () => {
    expect(taken({})).toEqual(["http", "closing", "dns", "six"]);
    expect(taken({ kind: "templates" })).toEqual(["template", "mark"]);
  });

  test.each([
    [{ protocol: ["udp"] }, ["dns"]],
    [{ protocol: ["udp", "tcp"] }, ["http", "closing", "dns", "six"]],
    [{ kind: "templates", protocol: ["ip"] }, ["mark"]],
    [{ state: ["TIME_WAIT", "UDP"] }, ["closing", "dns"]],
    [{ state: ["LISTEN"] }, []],
    [{ client: "10.0.0.9" }, ["http", "dns"]],
    [{ client: "10.0.0.9:50000" }, ["http"]],
    [{ client: "10.0.0.0/23" }, ["http", "closing", "dns"]],
    [{ client: "10.0.0.0/0" }, ["http", "closing", "dns"]],
    [{ client: "2001:db8::/32" }, ["six"]],
    [{ client: "::/0" }, ["six"]],
    [{ virtual: ":80" }, ["http", "closing", "six"]],
    [{ virtual: "[2001:db8::80]:80" }, ["six"]],
    [{ server: "10.0.1.11" }, ["http", "six"]],
    [{ server: "10.0.1.11:81" }, []],
    [{ any: "10.0.1.11" }, ["http", "six"]],
    [{ any: "192.0.2.0/24" }, ["http", "closing", "dns"]],
    [{ any: ":53" }, ["dns"]],
    [{ any: "10.0.0.9:80" }, []],
    [{ origin: "sync" }, ["closing"]],
    [{ origin: "local" }, ["http", "dns", "six"]],
    [{ origin: "any" }, ["http", "closing", "dns", "six"]],
    [{ client: "10.0.0.0/8", virtual: "192.0.2.10:80", state: ["TIME_WAIT"] }, ["closing"]],
  ])("%j", (filter, expected) => {
    expect(taken(filter)).toEqual(expected);
  });
});
