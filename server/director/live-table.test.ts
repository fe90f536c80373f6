import { describe, expect, test } from "vitest";
import type { TableRow } from "#domain/table";
import { LiveTable } from "./live-table.ts";

const service = (id: string): TableRow => ({
  kind: "service",
  id,
  key: { kind: "fwmark", family: 4, mark: 1 },
  spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
});

const a = service("a");
const b = service("b");

/** One row counting `packets` in, five counters alike. */
function snapshot(rows: readonly TableRow[], ...packets: number[]) {
  const counters = BigUint64Array.from(packets.flatMap((count) => [0, count, 0, 0, 0].map(BigInt)));
  return { rows, counters, gauges: new Uint32Array(rows.length * 3) };
}

/** What the kernel shows at `ms` of a constant rate: counters copied every 2 s. */
const copied = (ms: number, perSecond: number, phaseMs = 0) => Math.floor((ms + phaseMs) / 2000) * 2 * perSecond;

describe("LiveTable", () => {
  test("a constant rate reads the same in every sample, although counters move every 2 s", () => {
    const table = new LiveTable();
    const rows = [a];
    const read: number[] = [];
    for (let second = 0; second < 30; second++) {
      table.take(snapshot(rows, copied(second * 1000, 200, 700)), second * 1000);
      read.push(table.rates[1] ?? Number.NaN);
    }
    expect(read.slice(0, 4).every(Number.isNaN)).toBe(true);
    for (const rate of read.slice(10)) expect(rate).toBeCloseTo(200, 3);
  });

  test("samples that fall just before or just after the kernel's copy, by turns, still read the same", () => {
    const table = new LiveTable();
    const rows = [a];
    const read: number[] = [];
    for (let second = 0; second < 60; second++) {
      const atMs = second * 1000 + (second % 3 === 0 ? 15 : -15);
      table.take(snapshot(rows, copied(atMs, 200)), atMs);
      if (second > 12) read.push(table.rates[1] ?? Number.NaN);
    }
    for (const rate of read) expect(Math.abs(rate - 200)).toBeLessThan(30);
  });

  test("a counter that went down is a gap until 4 s have passed, never a spike and never a zero", () => {
    const table = new LiveTable();
    const rows = [a];
    const counts = [0, 100, 200, 300, 400, 500, 600, 0, 700, 800, 900, 1000, 1100];
    const read = counts.map((count, second) => {
      table.take(snapshot(rows, count), second * 1000);
      return table.rates[1] ?? Number.NaN;
    });
    expect(read[6]).toBeCloseTo(100, 3);
    expect(read.slice(7, 11).every(Number.isNaN)).toBe(true);
    expect(read[12]).toBeCloseTo(100, 3);
  });

  test("slots stay while rows come, go and change places; only what moved is said", () => {
    const table = new LiveTable();
    const both = [a, b];
    expect(table.take(snapshot(both, 1, 2), 0)).toMatchObject({ upserted: [0, 1], removed: [] });
    expect([...table.take(snapshot(both, 1, 3), 1000).moved]).toEqual([1]);
    const turned = [b, a];
    expect(table.take(snapshot(turned, 3, 1), 2000)).toMatchObject({ upserted: [], removed: [] });
    expect(table.slotOf.get("b")).toBe(1);
    const edited = { ...b };
    expect(table.take(snapshot([edited], 3), 3000)).toMatchObject({ upserted: [1], removed: [0] });
    expect(table.take(snapshot([edited, service("c")], 3, 9), 4000)).toMatchObject({ upserted: [0], removed: [] });
    expect(table.counters[1]).toBe(9n);
    expect(table.rates[1]).toBeNaN();
  });

  test("an extra sample shows new numbers and leaves the slope alone", () => {
    const table = new LiveTable();
    const rows = [a];
    for (let second = 0; second < 20; second++) {
      table.take(snapshot(rows, copied(second * 1000, 50, 500)), second * 1000);
      table.take(snapshot(rows, copied(second * 1000 + 300, 50, 500)), second * 1000 + 300, true);
    }
    table.take(snapshot(rows, copied(20_000, 50, 500)), 20_000);
    expect(table.rates[1]).toBeCloseTo(50, 3);
  });

  test("counters above 2^53 are subtracted exactly", () => {
    const table = new LiveTable();
    const rows = [a];
    for (let second = 0; second <= 4; second++) {
      const counters = BigUint64Array.from([0n, 2n ** 60n + BigInt(second * 7), 0n, 0n, 0n]);
      table.take({ rows, counters, gauges: new Uint32Array(3) }, second * 1000);
    }
    expect(table.rates[1]).toBe(7);
  });
});
