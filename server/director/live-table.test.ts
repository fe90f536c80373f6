import fc from "fast-check";
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

interface Segment {
  /** how many samples, this far apart */
  samples: number;
  cadenceMs: number;
  /** of the first one behind the sample before */
  offsetMs: number;
}

/** What a row of 200 packets/s reads in each sample, which come up to 20 ms late. */
function readOfConstant(segments: readonly Segment[], phaseMs: number, lateMs: readonly number[]) {
  const table = new LiveTable();
  const rows = [a];
  const read: { atMs: number; rate: number }[] = [];
  let dueMs = 0;
  for (const { samples, cadenceMs, offsetMs } of segments) {
    for (let sample = 0; sample < samples; sample++) {
      dueMs += sample === 0 ? offsetMs : cadenceMs;
      const atMs = dueMs + (lateMs[read.length % lateMs.length] ?? 0);
      table.take(snapshot(rows, copied(atMs, 200, phaseMs)), atMs, { cadenceMs });
      read.push({ atMs, rate: table.rates[1] ?? Number.NaN });
    }
  }
  return read;
}

const phase = fc.integer({ min: 0, max: 1999 });
const late = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 30 });

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

  test("when someone comes, a constant rate goes on being read, as well as a slow step tells it", () => {
    const slow = { samples: 3, cadenceMs: 10_000, offsetMs: 10_000 };
    fc.assert(
      fc.property(phase, fc.integer({ min: 20, max: 10_000 }), late, (phaseMs, offsetMs, lateMs) => {
        const read = readOfConstant([slow, { samples: 20, cadenceMs: 1000, offsetMs }], phaseMs, lateMs).slice(2);
        for (const { rate } of read) expect(Math.abs(rate - 200), JSON.stringify(read)).toBeLessThanOrEqual(50);
        for (const { rate } of read.slice(9)) expect(rate).toBeCloseTo(200, 3);
      }),
      { numRuns: 1000 },
    );
  });

  test("however people come and go, and however often samples are wanted, a constant rate is at most a quarter off", () => {
    const visit = fc.tuple(
      fc.record({
        samples: fc.integer({ min: 1, max: 15 }),
        cadenceMs: fc.constant(10_000),
        offsetMs: fc.integer({ min: 20, max: 10_000 }),
      }),
      fc.record({ samples: fc.integer({ min: 1, max: 25 }), offsetMs: fc.integer({ min: 20, max: 10_000 }) }),
    );
    const visits = fc.array(visit, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.constantFrom(700, 1000, 1500, 2000, 5000, 60_000),
        visits,
        phase,
        late,
        (cadenceMs, pairs, ...at) => {
          const segments = pairs.flatMap(([idle, watched]) => [idle, { ...watched, cadenceMs }]);
          const startMs = segments[0]?.offsetMs ?? 0;
          for (const { atMs, rate } of readOfConstant(segments, ...at)) {
            if (atMs - startMs > 20_000) expect(Math.abs(rate - 200)).toBeLessThanOrEqual(50);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("the first samples ever have a rate as soon as four of them tell one, and no earlier", () => {
    const read = readOfConstant([{ samples: 12, cadenceMs: 1000, offsetMs: 0 }], 700, [0]);
    expect(read.map(({ rate }) => Number.isNaN(rate))).toEqual([true, true, true, true, ...new Array(8).fill(false)]);
    const opened = readOfConstant(
      [
        { samples: 1, cadenceMs: 10_000, offsetMs: 0 },
        { samples: 8, cadenceMs: 1000, offsetMs: 4900 },
      ],
      700,
      [0],
    );
    expect(opened.map(({ rate }) => Number.isNaN(rate))).toEqual([
      ...new Array(5).fill(true),
      ...new Array(4).fill(false),
    ]);
    for (const { rate } of opened.slice(5)) expect(Math.abs(rate - 200)).toBeLessThanOrEqual(50);
  });

  test("an outage is not told as the rate of now: a gap, until 4 s have passed", () => {
    const outage = { samples: 12, cadenceMs: 1000, offsetMs: 300_000 };
    const read = readOfConstant([{ samples: 12, cadenceMs: 1000, offsetMs: 0 }, outage], 700, [0]).slice(12);
    expect(read.map(({ rate }) => Math.round(rate))).toEqual([
      ...new Array(4).fill(Number.NaN),
      ...new Array(8).fill(200),
    ]);
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
      table.take(snapshot(rows, copied(second * 1000 + 300, 50, 500)), second * 1000 + 300, { extra: true });
    }
    table.take(snapshot(rows, copied(20_000, 50, 500)), 20_000);
    expect(table.rates[1]).toBeCloseTo(50, 3);
  });

  test("an extra sample changes no rate, whenever it is taken, but drops that of a row that was reset", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 10, max: 990 }),
        phase,
        (second, afterMs, phaseMs) => {
          const table = new LiveTable();
          const rows = [a];
          const take = (atMs: number, extra = false) =>
            table.take(snapshot(rows, copied(atMs, 50, phaseMs)), atMs, { cadenceMs: 1000, extra });
          take(-20_000);
          take(-10_000);
          for (let at = 0; at <= second; at++) take(at * 1000);
          const before = Array.from(table.rates);
          take(second * 1000 + afterMs, true);
          expect(Array.from(table.rates)).toEqual(before);
          table.take(snapshot(rows, 1), 20_000 + second * 1000 + afterMs + 5, { extra: true });
          expect(table.rates[1]).toBeNaN();
        },
      ),
    );
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
