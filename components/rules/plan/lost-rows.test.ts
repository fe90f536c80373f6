import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { serverId } from "#domain/real-server";
import { writtenTable } from "#domain/rules/table-arbitrary";
import { formatTable } from "#domain/rules/table-text";
import { serviceId } from "#domain/service";
import { lostRows, rowsOf } from "./lost-rows.ts";

const before = `-A -t 192.0.2.10:80 -s wlc
-a -t 192.0.2.10:80 -r 10.0.0.1:8080 -m -w 1
-a -t 192.0.2.10:80 -r 10.0.0.2:8080 -m -w 1
-A -f 7 -6 -s rr
-a -f 7 -6 -r [2001:db8::1]:0 -g -w 1
`;

describe("what a plan takes out of the table", () => {
  it("knows every row of any table by the id that the rest of the console has for it", () => {
    fc.assert(
      fc.property(writtenTable, (table) => {
        const ids = table.flatMap(({ key, servers }) => [
          serviceId(key),
          ...servers.map(({ spec }) => serverId(key, spec)),
        ]);
        expect(new Set(rowsOf(formatTable(table)))).toEqual(new Set(ids));
      }),
    );
  });

  it("counts the servers of a service that goes, and follows the service alone", () => {
    expect(lostRows(before, before.split("\n").slice(0, 2).join("\n"))).toEqual({
      services: 1,
      servers: 2,
      ids: ["fwmark6:7", "tcp:192.0.2.10:80>10.0.0.2:8080"],
    });
  });

  it("is nothing when rows are only edited", () => {
    expect(lostRows(before, before.replaceAll("-w 1", "-w 9"))).toEqual({ services: 0, servers: 0, ids: [] });
  });
});
