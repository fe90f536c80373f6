import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionQueryInput } from "#domain/connection";
import { ConnectionReads } from "./connection-reads.ts";
import { refusal } from "./contract/subject.ts";
import { SlowTable } from "./slow-table-fixture.ts";

let table: SlowTable;
let reads: ConnectionReads;
const page = (query: Partial<ConnectionQueryInput> = {}) => reads.page({ filter: {}, freshMs: 0, ...query });
const ofClient = (last: number) => ({ client: `10.0.0.${last}` });

function make(limits: NonNullable<ConstructorParameters<typeof ConnectionReads>[0]["limits"]>): void {
  reads = new ConnectionReads({
    source: table,
    table: async () => ({ rows: [], connections: 190 }),
    monotonicMs: table.clock,
    wallMs: () => table.nowMs,
    limits,
  });
}
beforeEach(() => {
  table = new SlowTable();
});
afterEach(() => reads.close());

describe("a grouping that a paused read was not made with", () => {
  test("is of the table read anew when the read went on past what can be held", async () => {
    make({ rows: 100 });
    const first = await page({ budgetMs: 250, group: "state" });
    expect(first.read).toMatchObject({ state: "paused", matched: 50, held: 50 });
    const asked = { read: first.read.id, group: "client" } as const;
    expect((await page(asked)).read.id).toBe(first.read.id);
    const rest = await page({ ...asked, goOn: true });
    expect(rest.read).toMatchObject({ state: "complete", matched: 200, held: 100 });
    const counted = rest.groups?.groups.reduce((sum, { connections }) => sum + connections, 0);
    expect([counted, rest.groups?.others]).toEqual([200, 0]);
    expect(rest.read.id).not.toBe(first.read.id);
  });
});

describe("turns", () => {
  test("a read that people keep going on with lets the others go before it after a while", async () => {
    table.rows = 4000;
    make({ turnMs: 1000 });
    const { id } = (await page({ budgetMs: 10 })).read;
    const ends: string[] = [];
    const whole = page({ read: id, goOn: true, budgetMs: 20_000 });
    table.before.set(10, () => {
      void page({ filter: ofClient(1), budgetMs: 250 }).then(({ read }) => ends.push(`other after ${read.rowsRead}`));
    });
    expect((await whole).read).toMatchObject({ id, state: "complete", rowsRead: 4000 });
    ends.push("whole");
    expect(ends).toEqual(["other after 50", "whole"]);
    expect(table.atOnce).toBe(1);
  });

  test("nobody waits: it goes on in one", async () => {
    make({ turnMs: 100 });
    expect((await page()).read).toMatchObject({ state: "complete", rowsRead: 200, tookMs: 1000 });
  });
});

describe("memory", () => {
  test("reads that are all in use are so many at most: one more is refused, and can be asked for again later", async () => {
    make({ reads: 1, turnMs: 100 });
    const one = await page({ filter: ofClient(1), budgetMs: 50 });
    const two = page({ filter: ofClient(2) });
    const goingOn = page({ filter: ofClient(1), read: one.read.id, goOn: true });
    expect(await refusal(page({ filter: ofClient(3) }))).toMatchObject({ code: "TOO_MANY_READS" });
    expect((await Promise.all([two, goingOn])).map(({ read }) => read.state)).toEqual(["complete", "complete"]);
    expect((await page({ filter: ofClient(3) })).read.state).toBe("complete");
    expect(table.heldAtOnce).toBe(2);
  });

  test("what nobody looks at is given up after its lifetime, whatever else is looked at meanwhile", async () => {
    vi.useFakeTimers();
    make({});
    const { read } = await page({ filter: ofClient(1) });
    const pass = async (ms: number) => {
      table.nowMs += ms;
      await vi.advanceTimersByTimeAsync(ms);
    };
    await pass(40_000);
    await page({ filter: ofClient(2) });
    await pass(21_000);
    vi.useRealTimers();
    expect(reads.progress(read.id)).toBeNull();
  });
});
