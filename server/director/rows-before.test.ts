import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { host, ModelKernel, step } from "#domain/batch/batch-model";
import type { HostState } from "#domain/batch/host-state";
import { Rehearsal } from "#domain/batch/trail";
import type { TableRow } from "#domain/table";
import { rowsBefore } from "./rows-before.ts";
import { tableTag } from "./table-tag.ts";

/** As a snapshot tells it: each service and then its servers, the newest first. */
function rowsOf({ services }: HostState): TableRow[] {
  return Array.from(services).flatMap(([id, { key, spec, servers }]): TableRow[] => [
    { kind: "service", id, key, spec },
    ...Array.from(
      servers,
      ([server, one]): TableRow => ({ kind: "server", id: server, serviceId: id, spec: one }),
    ).reverse(),
  ]);
}

describe("rowsBefore", () => {
  it("reckons the table before any batch from the one after it", () => {
    fc.assert(
      fc.property(host, fc.array(step, { maxLength: 30 }), (found, steps) => {
        const rehearsal = new Rehearsal(found);
        const kernel = new ModelKernel(found);
        for (const one of steps) if (kernel.take(one)) rehearsal.play(one);
        const before = rowsBefore(rowsOf(rehearsal.after), rehearsal.trails());
        expect(tableTag(before)).toBe(tableTag(rowsOf(found)));
        let service = "";
        for (const row of before) {
          if (row.kind === "service") service = row.id;
          else expect(row.serviceId).toBe(service);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("tableTag", () => {
  it("is the same in whatever order, and another for any other table", () => {
    fc.assert(
      fc.property(host, host, (one, other) => {
        const rows = rowsOf(one);
        const tag = tableTag(rows);
        expect(tag).toMatch(/^[0-9a-f]{64}$/);
        expect(tableTag(rows.map((row) => structuredClone(row)).reverse())).toBe(tag);
        const same = JSON.stringify(sorted(rows)) === JSON.stringify(sorted(rowsOf(other)));
        expect(tableTag(rowsOf(other)) === tag).toBe(same);
      }),
      { numRuns: 500 },
    );
  });
});

const sorted = (rows: TableRow[]) =>
  rows.map(({ id, spec }) => [id, spec] as const).sort(([a], [b]) => (a < b ? -1 : 1));
