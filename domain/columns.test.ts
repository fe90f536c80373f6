import { expect, test } from "vitest";
import { Columns } from "./columns.ts";

class Open extends Columns {
  grow(rows: number): void {
    this.growColumns(rows);
  }
  get low(): number | undefined {
    return this.halves[0];
  }
}

test("growing keeps what is there; new counters and gauges are 0, new rates a gap", () => {
  const columns = new Open();
  columns.grow(1);
  columns.counters.set([7n, 1n, 2n, 3n, 2n ** 63n]);
  columns.gauges.set([4, 5, 6]);
  columns.rates.set([0, 1, 2, 3, 4]);
  columns.grow(2);
  expect([...columns.counters]).toEqual([7n, 1n, 2n, 3n, 2n ** 63n, 0n, 0n, 0n, 0n, 0n]);
  expect([...columns.gauges]).toEqual([4, 5, 6, 0, 0, 0]);
  expect([...columns.rates]).toEqual([0, 1, 2, 3, 4, ...new Array(5).fill(Number.NaN)]);
  columns.counters[0] = 8n;
  expect(columns.low).toBe(8);
});
