import fc from "fast-check";
import { expect, it } from "vitest";
import { serverId } from "#domain/real-server";
import { writtenTable } from "#domain/rules/table-arbitrary";
import { formatTable } from "#domain/rules/table-text";
import { serviceId } from "#domain/service";
import type { TableRow } from "#domain/table";
import { rowsText } from "./rows-text.ts";

it("is what formatTable() writes, also for rows that it has seen before in other company", () => {
  fc.assert(
    fc.property(writtenTable, fc.integer({ min: 0, max: 200 }), (table, without) => {
      const rows = table.flatMap(({ key, spec, servers }): TableRow[] => [
        { kind: "service", id: serviceId(key), key, spec },
        ...servers.map(
          ({ spec: one }): TableRow => ({
            ...{ kind: "server", id: serverId(key, one), serviceId: serviceId(key), spec: one },
          }),
        ),
      ]);
      expect(rowsText(rows)).toBe(formatTable(table));
      expect(rowsText(rows)).toBe(formatTable(table));
      const at = rows.findIndex((row, index) => row.kind === "server" && index >= without);
      if (at < 0) return;
      const fewer = rows.toSpliced(at, 1);
      const gone = rows[at];
      const rest = table.map((service) => ({
        ...service,
        servers: service.servers.filter(({ spec }) => spec !== gone?.spec),
      }));
      expect(rowsText(fewer)).toBe(formatTable(rest));
    }),
    { numRuns: 200 },
  );
});
