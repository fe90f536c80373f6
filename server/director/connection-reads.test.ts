import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionPage, ConnectionQueryInput } from "#domain/connection";
import { ConnectionReads } from "./connection-reads.ts";
import { refusal } from "./contract/subject.ts";
import { IpvsFault } from "./ipvs.ts";
import { SlowTable } from "./slow-table-fixture.ts";

let table: SlowTable;
let reads: ConnectionReads;
const page = (query: Partial<ConnectionQueryInput> = {}, signal?: AbortSignal) =>
  reads.page({ filter: {}, freshMs: 0, ...query }, signal);
const ofClient = (last: number) => ({ client: `10.0.0.${last}` });

function make(limits: ConstructorParameters<typeof ConnectionReads>[0]["limits"] = {}): void {
  reads = new ConnectionReads({
    source: table,
    table: async () => ({ rows: [], connections: 190 }),
    monotonicMs: table.clock,
    wallMs: () => 1_700_000_000_000 + table.nowMs,
    limits,
  });
}
beforeEach(() => {
  table = new SlowTable();
  make();
});
afterEach(() => reads.close());

const ports = ({ rows }: ConnectionPage) => rows.map(({ client }) => client.port);

describe("a read", () => {
  test("answers a page, its groups and what was read when", async () => {
    const { read, rows, groups, offset } = await page({
      group: "state",
      offset: 2,
      limit: 3,
      sort: "expires",
      descending: true,
    });
    expect(read).toEqual({
      ...{ id: read.id, state: "complete", readAtMs: 1_700_000_000_000, tookMs: 1000 },
      ...{ rowsRead: 200, rowsExpected: 190, matched: 200, held: 200 },
    });
    expect(rows.map(({ expiresS }) => expiresS)).toEqual([197, 196, 195]);
    expect(offset).toBe(2);
    expect(groups).toEqual({
      by: "state",
      groups: [
        { name: "ESTABLISHED", connections: 180 },
        { name: "TIME_WAIT", connections: 20 },
      ],
      ...{ total: 2, others: 0 },
    });
  });

  test("is looked at again without reading: pages, orders, groupings", async () => {
    const { read } = await page({ filter: ofClient(1), group: "state" });
    const again = { filter: ofClient(1), read: read.id };
    table.nowMs += 30_000;
    const second = await page({ ...again, offset: 10, limit: 2, sort: "client" });
    const grouped = await page({ ...again, group: "client", limit: 0 });
    expect([second.read.id, grouped.read.id]).toEqual([read.id, read.id]);
    expect(ports(second)).toEqual([1024 + 41, 1024 + 45]);
    expect(grouped).toMatchObject({ rows: [], groups: { groups: [{ name: "10.0.0.1", connections: 50 }], total: 1 } });
    expect(table.opened).toHaveLength(1);
  });

  test("is shared by those who ask for the same not long after, and by no one else", async () => {
    const first = await page();
    table.nowMs += 1000;
    expect((await page({ freshMs: 1500 })).read.id).toBe(first.read.id);
    expect((await page({ freshMs: 1500, filter: { state: ["TIME_WAIT"] } })).read.matched).toBe(20);
    expect((await page({ freshMs: 500 })).read.id).not.toBe(first.read.id);
    expect(table.opened).toHaveLength(3);
  });

  test("of another filter than the one that is named is made anew", async () => {
    const { read } = await page();
    const other = await page({ read: read.id, filter: { protocol: ["tcp"] } });
    expect(other.read.id).not.toBe(read.id);
  });

  test("refuses what is no query", async () => {
    expect(await refusal(reads.page({ filter: { client: "nowhere" } }))).toMatchObject({
      code: "INVALID",
      problems: [{ code: "ADDRESS_INVALID", path: ["filter", "client"] }],
    });
    expect(table.opened).toEqual([]);
  });
});

describe("when not all that matched is held", () => {
  test("the first are, all are counted, and another grouping is read anew", async () => {
    make({ rows: 30 });
    const first = await page({ group: "state", offset: 25, limit: 100 });
    expect(first).toMatchObject({ read: { matched: 200, held: 30 }, groups: { groups: [{ connections: 180 }, {}] } });
    expect(first.rows).toHaveLength(5);
    const same = await page({ read: first.read.id, group: "state" });
    const other = await page({ read: first.read.id, group: "client" });
    expect(same.read.id).toBe(first.read.id);
    expect(other.read.id).not.toBe(first.read.id);
    expect(other.groups?.groups.map(({ connections }) => connections)).toEqual([50, 50, 50, 50]);
  });
});

describe("a budget", () => {
  test("ends in what was read so far, which goes on where it stopped", async () => {
    const first = await page({ budgetMs: 400, group: "state" });
    expect(first.read).toMatchObject({ state: "paused", rowsRead: 80, held: 80, rowsExpected: 190, tookMs: 400 });
    expect(first.groups?.groups[0]).toEqual({ name: "ESTABLISHED", connections: 72 });
    const look = await page({ read: first.read.id, limit: 1 });
    expect(look.read).toEqual(first.read);
    const rest = await page({ read: first.read.id, goOn: true, group: "state", offset: 199 });
    expect(rest.read).toMatchObject({ id: first.read.id, state: "complete", rowsRead: 200, matched: 200 });
    expect(ports(rest)).toEqual([1024 + 199]);
    expect(rest.groups?.groups[0]).toEqual({ name: "ESTABLISHED", connections: 180 });
    expect(table.opened).toHaveLength(1);
  });

  test("of one who shares a read with somebody more patient ends while the other's goes on", async () => {
    const patient = page({ budgetMs: 20_000 });
    const hasty = await page({ budgetMs: 300 });
    expect(hasty.read).toMatchObject({ state: "reading", rowsExpected: 190 });
    expect(hasty.rows.length).toBeGreaterThanOrEqual(60);
    expect((await patient).read).toMatchObject({ id: hasty.read.id, state: "complete" });
    expect(table.opened).toHaveLength(1);
  });

  test("that somebody else's asking used up is not this one's", async () => {
    const gone = new AbortController();
    table.before.set(3, () => gone.abort());
    expect(await refusal(page({}, gone.signal))).toMatchObject({ code: "CANCELLED" });
    await vi.waitFor(() => expect(table.chunks).toBe(5));
    expect((await page({ freshMs: 2000 })).read).toMatchObject({ state: "complete", rowsRead: 200 });
    expect(table.opened).toHaveLength(1);
  });
});

describe("at the same time", () => {
  test("those who ask for the same share one read, and others wait for their turn", async () => {
    const all = [
      page(),
      page(),
      page({ filter: ofClient(1) }),
      page({ filter: ofClient(2) }),
      page({ filter: ofClient(1) }),
    ];
    const [first, second, third, fourth, fifth] = await Promise.all(all);
    expect(second?.read.id).toBe(first?.read.id);
    expect(fifth?.read.id).toBe(third?.read.id);
    expect([first, third, fourth].map((answer) => answer?.read.matched)).toEqual([200, 50, 50]);
    expect(table.opened).toHaveLength(3);
    expect(table.atOnce).toBe(1);
  });

  test("a read that is under way says how far it is, by its asker's name, and can be looked at by its id", async () => {
    let look: Promise<ConnectionPage> | undefined;
    let progress: unknown;
    table.before.set(8, () => {
      progress = reads.progress("vera");
      look = page({ read: id, limit: 500 });
    });
    const { id } = (await page({ budgetMs: 250 })).read;
    const whole = page({ read: id, goOn: true, asker: "vera" });
    expect((await whole).read.state).toBe("complete");
    expect(progress).toMatchObject({ state: "reading", rowsRead: 80, rowsExpected: 190, tookMs: 400 });
    const seen = await look;
    expect(seen?.read).toMatchObject({ id, state: "reading", rowsRead: 100 });
    expect(seen?.rows).toHaveLength(100);
    expect(reads.progress("vera")).toBeNull();
    expect(reads.progress(id)).toMatchObject({ state: "complete", rowsRead: 200 });
  });

  test("too many that wait are refused", async () => {
    make({ waiting: 2 });
    const answers = [1, 2, 3].map((last) => page({ filter: ofClient(last) }));
    expect(await refusal(page({ filter: ofClient(4) }))).toMatchObject({ code: "TOO_MANY_READS" });
    // Who shares one that waits does not wait for a turn of their own.
    answers.push(page({ filter: ofClient(3) }));
    expect((await Promise.all(answers)).map(({ read }) => read.state)).toEqual(Array(4).fill("complete"));
  });
});

describe("ending it", () => {
  test("what nobody else asks for is cancelled, and what was read stays", async () => {
    table.before.set(7, () => void expect(reads.cancel("vera")).toBe(true));
    const { read, rows } = await page({ asker: "vera", limit: 500 });
    expect(read).toMatchObject({ state: "cancelled", rowsRead: 80, held: 80 });
    expect(rows).toHaveLength(80);
    const again = await page({ read: read.id, goOn: true });
    expect(again.read).toMatchObject({ id: read.id, state: "cancelled", rowsRead: 80 });
    // Somebody else who asks for the same wants all of it.
    expect((await page({ freshMs: 60_000 })).read).toMatchObject({ state: "complete", rowsRead: 200 });
  });

  test("one of two who ask for the same does not end it for the other", async () => {
    table.before.set(7, () => void expect(reads.cancel("vera")).toBe(true));
    const [ended, other] = await Promise.all([page({ asker: "vera" }), page({ asker: "oleg" })]);
    expect(ended.read.state).toBe("reading");
    expect(ended.read.rowsRead).toBeLessThan(200);
    expect(other.read).toMatchObject({ id: ended.read.id, state: "complete", rowsRead: 200 });
  });

  test("by the read's id only while at most one waits for it", async () => {
    const { id } = (await page({ budgetMs: 100 })).read;
    const answers: boolean[] = [];
    table.before.set(8, () => void answers.push(reads.cancel(id)));
    const both = [page({ read: id, goOn: true }), page({ read: id, goOn: true })];
    expect((await Promise.all(both)).map(({ read }) => read.state)).toEqual(["complete", "complete"]);
    expect(answers).toEqual([false]);
    expect(reads.cancel(id)).toBe(false);
    const paused = (await page({ budgetMs: 100 })).read;
    expect(reads.cancel(paused.id)).toBe(true);
    expect((await page({ read: paused.id, goOn: true })).read).toMatchObject({ state: "cancelled", rowsRead: 20 });
  });

  test("before its turn it is over at once, and the table is not read for it", async () => {
    const first = page();
    const waiting = page({ filter: ofClient(1), asker: "vera", group: "state" });
    expect(reads.cancel("vera")).toBe(true);
    expect(await waiting).toMatchObject({ read: { state: "cancelled", rowsRead: 0 }, rows: [], groups: { total: 0 } });
    await first;
    expect(table.opened).toHaveLength(1);
  });

  test("nobody of that name: there is nothing to end", () => {
    expect(reads.cancel("nobody")).toBe(false);
    expect(reads.progress("nobody")).toBeNull();
  });
});

describe("who asked goes away", () => {
  test("what nobody else asks for stops soon, and can be gone on with", async () => {
    const gone = new AbortController();
    table.before.set(2, () => gone.abort());
    expect(await refusal(page({}, gone.signal))).toMatchObject({ code: "CANCELLED" });
    await vi.waitFor(() => expect(table.chunks).toBe(5));
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(table.chunks).toBe(5);
  });

  test("others who ask for the same get all of it", async () => {
    const gone = new AbortController();
    table.before.set(2, () => gone.abort());
    const [left, stayed] = await Promise.allSettled([page({}, gone.signal), page()]);
    expect(left.status).toBe("rejected");
    expect(stayed).toMatchObject({ status: "fulfilled", value: { read: { state: "complete", rowsRead: 200 } } });
  });

  test("before its turn nothing is read", async () => {
    const gone = new AbortController();
    const first = page();
    const second = refusal(page({ filter: ofClient(1) }, gone.signal));
    gone.abort();
    expect(await second).toMatchObject({ code: "CANCELLED" });
    await first;
    expect((await page({ filter: ofClient(1), freshMs: 60_000 })).read.matched).toBe(50);
    expect(table.opened).toHaveLength(2);
  });
});

describe("a table that cannot be read", () => {
  const refused = new IpvsFault({ code: "EACCES", errno: 13, message: "Permission denied" }, "connections");

  test("everybody who asked is told, and the next try is a new one", async () => {
    table.failure = refused;
    const codes = await Promise.all([page(), page(), page({ filter: ofClient(1) })].map(refusal));
    expect(codes.map(({ code }) => code)).toEqual(Array(3).fill("NOT_PERMITTED"));
    table.failure = null;
    expect((await page({ freshMs: 60_000 })).read.state).toBe("complete");
  });

  test("a file that fails half way is no read to go on with", async () => {
    table.before.set(4, () => {
      throw new IpvsFault({ code: "ENOENT", errno: 2, message: "gone" }, "connections");
    });
    const first = await page({ budgetMs: 100 });
    expect(await refusal(page({ read: first.read.id, goOn: true }))).toMatchObject({ code: "NOT_AVAILABLE" });
    expect(table.closed).toBe(1);
    expect((await page({ read: first.read.id })).read.id).not.toBe(first.read.id);
  });

  test("a file that fails after everybody has gone is no read to share", async () => {
    const gone = new AbortController();
    table.before.set(2, () => gone.abort());
    table.before.set(3, () => {
      throw new IpvsFault({ code: "EIO", errno: 5, message: "broken" }, "connections");
    });
    expect(await refusal(page({}, gone.signal))).toMatchObject({ code: "CANCELLED" });
    await vi.waitFor(() => expect(table.chunks).toBe(4));
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect((await page({ freshMs: 60_000 })).read).toMatchObject({ state: "complete", rowsRead: 200 });
    expect(table.opened).toHaveLength(2);
  });
});

describe("what is held", () => {
  test("is given up when nobody looked at it for long: the next look reads anew", async () => {
    vi.useFakeTimers();
    const { read } = await page();
    table.nowMs += 59_000;
    expect((await page({ read: read.id })).read.id).toBe(read.id);
    table.nowMs += 60_000;
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    await vi.waitFor(() => expect(table.closed).toBe(1));
    const anew = await page({ read: read.id });
    expect(anew.read).toMatchObject({ state: "complete", readAtMs: 1_700_000_000_000 + 120_000 });
    expect(anew.read.id).not.toBe(read.id);
  });

  test("is of a few reads, the least lately used given up first", async () => {
    make({ reads: 2 });
    const [first, second] = [await page({ filter: ofClient(1) }), await page({ filter: ofClient(2) })];
    table.nowMs += 10;
    await page({ read: first.read.id, filter: ofClient(1) });
    table.nowMs += 10;
    await page({ filter: ofClient(3) });
    expect(reads.progress(first.read.id)).not.toBeNull();
    expect(reads.progress(second.read.id)).toBeNull();
    await vi.waitFor(() => expect(table.closed).toBe(1));
  });

  test("is bounded over all reads", async () => {
    make({ allRows: 260 });
    const first = await page();
    await page({ filter: ofClient(1) });
    expect(reads.progress(first.read.id)).not.toBeNull();
    await page({ filter: ofClient(2) });
    expect(reads.progress(first.read.id)).toBeNull();
  });

  test("is given up when the director stops", async () => {
    await page();
    reads.close();
    await vi.waitFor(() => expect(table.closed).toBe(1));
  });
});
