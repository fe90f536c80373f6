import { describe, expect, test } from "vitest";
import type { TableRow } from "#domain/table";
import { History, maxFineRows } from "./history.ts";
import { LiveTable } from "./live-table.ts";

const row = (id: string): TableRow => ({
  kind: "service",
  id,
  key: { kind: "fwmark", family: 4, mark: 1 },
  spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
});

/** Seconds of samples, one a second, every row counting `perSecond`. */
function run(seconds: number, rows: readonly TableRow[], history: History, watch: string[] = [], perSecond = 10) {
  const table = new LiveTable();
  const totals = new LiveTable();
  const total = [row("")];
  for (let second = 0; second < seconds; second++) {
    const counters = new BigUint64Array(rows.length * 5).fill(BigInt(second * perSecond));
    table.take({ rows, counters, gauges: new Uint32Array(rows.length * 3) }, second * 1000);
    totals.take({ rows: total, counters: counters.slice(0, 5), gauges: new Uint32Array(3) }, second * 1000);
    history.watch(new Set(watch), second * 1000);
    history.record(table, totals, second * 1000, 1000);
  }
  return table;
}

describe("History", () => {
  test("a watched row has a point a second, the others one every 10 s, each with its cadence", () => {
    const history = new History();
    const table = run(120, [row("a"), row("b")], history, ["a"]);
    const a = history.of(table, "a", 0);
    const b = history.of(table, "b", 0);
    expect(a.atMs.length).toBe(120);
    expect(new Set(a.cadenceMs)).toEqual(new Set([1000]));
    expect(b.atMs).toEqual(Array.from({ length: 12 }, (_, i) => i * 10_000));
    expect(new Set(b.cadenceMs)).toEqual(new Set([10_000]));
    expect(a.values[0]?.at(-1)).toBe(10);
    expect(a.values[0]?.slice(0, 4)).toEqual([null, null, null, null]);
    expect(history.of(table, "", 0).atMs.length).toBe(120);
  });

  test("a row watched for a while: coarse points before, fine ones from then on, also off screen, in order", () => {
    const history = new History();
    const rows = [row("a")];
    const table = new LiveTable();
    for (let second = 0; second < 300; second++) {
      table.take(
        { rows, counters: new BigUint64Array(5).fill(BigInt(second)), gauges: new Uint32Array(3) },
        second * 1000,
      );
      history.watch(new Set(second >= 100 && second < 150 ? ["a"] : []), second * 1000);
      history.record(table, table, second * 1000, 1000);
    }
    const { atMs, cadenceMs } = history.of(table, "a", 0);
    expect(atMs).toEqual([...atMs].sort((x, y) => x - y));
    expect(cadenceMs.filter((ms) => ms === 1000).length).toBe(200);
    expect(cadenceMs.filter((ms) => ms === 10_000).length).toBe(10);
  });

  test("15 minutes and no more", () => {
    const history = new History();
    const table = run(1500, [row("a"), row("b")], history, ["a"]);
    expect(history.of(table, "a", 0).atMs.length).toBeLessThanOrEqual(900);
    expect(history.of(table, "b", 0).atMs.length).toBe(90);
    expect(history.of(table, "b", 1_490_000).atMs).toEqual([1_490_000]);
  });

  test("a row under a slot that another one had has none of its past", () => {
    const history = new History();
    const table = new LiveTable();
    for (let second = 0; second < 60; second++) {
      const rows = second < 30 ? [row("a")] : [row("b")];
      table.take({ rows, counters: new BigUint64Array(5), gauges: new Uint32Array(3) }, second * 1000);
      history.record(table, table, second * 1000, 1000);
    }
    expect(history.of(table, "b", 0).atMs).toEqual([30_000, 40_000, 50_000]);
    expect(history.of(table, "a", 0).atMs).toEqual([]);
  });

  test("however many rows are watched, only so many are kept at one a second", () => {
    const history = new History();
    const rows = Array.from({ length: maxFineRows + 100 }, (_, i) => row(`r${i}`));
    const ids = rows.map(({ id }) => id);
    const table = run(12, rows, history, ids);
    const fine = ids.filter((id) => history.of(table, id, 0).cadenceMs.includes(1000));
    expect(fine.length).toBe(maxFineRows);
  });
});
