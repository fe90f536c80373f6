import { describe, expect, test } from "vitest";
import { maxWindowRows, wholeList } from "#domain/list-query";
import type { ListQuery, LiveEvent } from "#domain/live";
import { serverId } from "#domain/real-server";
import { type ServiceKey, serviceId } from "#domain/service";
import type { TableRow } from "#domain/table";
import { encodeFrame, type FrameHeader, FrameReader } from "#server/director/frames";
import { listWindow } from "./list.ts";
import { Mirror } from "./mirror.ts";
import { Tab } from "./tab.ts";

const key = (n: number): ServiceKey => ({
  kind: "address",
  protocol: n % 2 ? "udp" : "tcp",
  address: `10.0.0.${n}`,
  port: 80,
});

function service(n: number): TableRow {
  const spec = { scheduler: "wlc", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
  return { kind: "service", id: serviceId(key(n)), key: key(n), spec };
}

function server(n: number, m: number, weight = 1): TableRow {
  const spec = {
    address: `10.1.${n}.${m}`,
    port: 80,
    forward: "nat" as const,
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
  };
  return { kind: "server", id: serverId(key(n), spec), serviceId: serviceId(key(n)), spec };
}

/** Rows under slots 0, 1, 2 …; connections/s of slot s is rate(s). */
function frame(
  rows: TableRow[],
  change: Partial<FrameHeader> = {},
  rate = (slot: number) => slot,
  moved = rows.map((_, slot) => slot),
) {
  const rates = new Float32Array(5 * (rows.length + 100)).map((_, i) => rate(Math.floor(i / 5)));
  const columns = { counters: new BigUint64Array(rates.length), gauges: new Uint32Array(rates.length), rates };
  const header = {
    seq: 1,
    atMs: 0,
    cadenceMs: 1000,
    full: true,
    removed: [],
    upserted: rows.map((row, slot) => ({ slot, row, drainedWeight: null })),
    totals: { counters: ["0", "0", "0", "0", "0"], rates: [0, 0, 0, 0, 0], gauges: [0, 0, 0] },
    ...change,
  };
  const [decoded] = new FrameReader().push(encodeFrame(header, Uint32Array.from(moved), columns));
  if (!decoded) throw new Error("no frame");
  return decoded;
}

function mirrorOf(services: number, servers: number): Mirror {
  const mirror = new Mirror();
  const rows = Array.from({ length: services }, (_, n) => [
    service(n + 1),
    ...Array.from({ length: servers }, (_, m) => server(n + 1, m + 1)),
  ]);
  mirror.take(frame(rows.flat()));
  return mirror;
}

const query: ListQuery = { ...wholeList, to: 50 };

const names = (mirror: Mirror, slots: number[]) => slots.map((slot) => mirror.rows.get(slot)?.row.id);

describe("listWindow", () => {
  test("folded: services in order of names, ten after nine", () => {
    const mirror = mirrorOf(12, 2);
    const window = listWindow(mirror, { ...query, protocol: ["tcp"] });
    expect(names(mirror, window.slots)).toEqual([2, 4, 6, 8, 10, 12].map((n) => serviceId(key(n))));
    expect(window).toMatchObject({ totalRows: 6, matchedServices: 6, matchedServers: 12 });
  });

  test("unfolded: any window is the same part of the whole list", () => {
    const mirror = mirrorOf(9, 3);
    const whole = listWindow(mirror, { ...query, open: "all" });
    expect(whole.totalRows).toBe(36);
    for (let from = 0; from < 36; from++) {
      for (const size of [1, 3, 7, 36]) {
        expect(listWindow(mirror, { ...query, open: "all", from, to: from + size }).slots).toEqual(
          whole.slots.slice(from, from + size),
        );
      }
    }
    const some = listWindow(mirror, { ...query, open: [serviceId(key(2))] });
    expect(some.totalRows).toBe(12);
  });

  test("all unfolded but some: those that are named are folded, and names that are no service fold none", () => {
    const mirror = mirrorOf(4, 3);
    const all = { ...query, open: "all" as const };
    const closed = [serviceId(key(2)), serviceId(key(3)), "tcp:1.2.3.4:5"];
    const window = listWindow(mirror, { ...all, closed });
    expect(window).toMatchObject({ totalRows: 4 + 2 * 3, matchedServers: 12 });
    const whole = listWindow(mirror, all).slots;
    const folded = new Set(closed.flatMap((id) => mirror.services.get(id)?.serverSlots ?? []));
    expect(window.slots).toEqual(whole.filter((slot) => !folded.has(slot)));
    expect(listWindow(mirror, { ...all, closed, from: 3, to: 7 }).slots).toEqual(window.slots.slice(3, 7));
    expect(listWindow(mirror, { ...query, closed }).totalRows).toBe(4);
  });

  test("a window is never larger than promised, whatever is asked for", () => {
    const mirror = mirrorOf(300, 1);
    expect(listWindow(mirror, { ...query, open: "all", to: 1_000_000 }).slots).toHaveLength(maxWindowRows);
  });

  test("search: every word, in the service or in one of its servers, case aside", () => {
    const mirror = mirrorOf(12, 2);
    expect(listWindow(mirror, { ...query, search: "10.1.7.2" }).matchedServices).toBe(1);
    expect(listWindow(mirror, { ...query, search: "UDP  10.1.7" }).matchedServices).toBe(1);
    expect(listWindow(mirror, { ...query, search: "tcp 10.1.7" }).matchedServices).toBe(0);
  });

  test("sort by rate goes by services, then by servers inside; equal ones by name", () => {
    const mirror = mirrorOf(3, 2);
    const window = listWindow(mirror, { ...query, sort: "connectionsPerSecond", descending: true, open: "all" });
    expect(window.slots).toEqual([6, 8, 7, 3, 5, 4, 0, 2, 1]);
    const even = new Mirror();
    even.take(frame([service(10), service(9), service(1)], {}, () => 5));
    const equal = listWindow(even, { ...query, sort: "connectionsPerSecond", descending: true });
    expect(names(even, equal.slots)).toEqual(
      [1, 9, 10]
        .map((n) => serviceId(key(n)))
        .sort((a, b) => Number(a.startsWith("udp")) - Number(b.startsWith("udp"))),
    );
  });

  test("what needs attention: no servers, none usable, one drained", () => {
    const mirror = new Mirror();
    mirror.take(
      frame([
        service(1),
        service(2),
        server(2, 1, 0),
        service(3),
        server(3, 1),
        server(3, 2, 0),
        service(4),
        server(4, 1),
      ]),
    );
    const ids = (state: ListQuery["state"]) => names(mirror, listWindow(mirror, { ...query, state }).slots);
    expect(ids(["attention"]).sort()).toEqual([1, 2, 3].map((n) => serviceId(key(n))).sort());
    expect(ids(["draining"]).sort()).toEqual([2, 3].map((n) => serviceId(key(n))).sort());
    expect(ids(["up"])).toEqual([serviceId(key(4))]);
  });
});

describe("Mirror", () => {
  test("rows that go, come under a used slot, or are edited", () => {
    const mirror = mirrorOf(2, 1);
    mirror.take(frame([], { full: false, removed: [0, 1] }, undefined, []));
    expect(listWindow(mirror, query).matchedServices).toBe(1);
    mirror.take(
      frame([], { full: false, upserted: [{ slot: 0, row: service(5), drainedWeight: null }] }, undefined, [0]),
    );
    expect(names(mirror, listWindow(mirror, query).slots)).toContain(serviceId(key(5)));
    expect(listWindow(mirror, { ...query, search: "10.1.1.1" }).matchedServices).toBe(0);
  });

  test("a removed service and its servers may be named in either order", () => {
    for (const removed of [
      [0, 1],
      [1, 0],
    ]) {
      const mirror = mirrorOf(1, 1);
      mirror.take(frame([], { full: false, removed }, undefined, []));
      expect(mirror.rows.size).toBe(0);
      expect(mirror.services.size).toBe(0);
    }
  });
});

describe("Tab", () => {
  async function drain(tab: Tab): Promise<LiveEvent[]> {
    const ending = new AbortController();
    const events: LiveEvent[] = [];
    setTimeout(() => ending.abort(), 5);
    for await (const event of tab.events(ending.signal)) events.push(event);
    return events;
  }

  function tell(tab: Tab, mirror: Mirror) {
    tab.tell(mirror, tab.view.list ? listWindow(mirror, tab.view.list) : null, { kind: "live" }, 0);
  }

  test("rows are described once, values sent only when they move and are on screen", async () => {
    const mirror = mirrorOf(50, 1);
    const tab = new Tab();
    tab.view = { list: { ...query, to: 3 }, follow: [], counters: false, totals: false };
    tell(tab, mirror);
    mirror.take(frame([], { full: false }, (slot) => slot + 1, [2, 40]));
    tell(tab, mirror);
    mirror.take(frame([], { full: false }, undefined, []));
    tell(tab, mirror);
    const [first, second, third] = await drain(tab);
    expect(first?.rows).toHaveLength(3);
    expect(first?.values).toHaveLength(3);
    expect(second?.rows).toBeUndefined();
    const onScreen = new Set(first?.window?.slots);
    expect(second?.values?.map(([slot]) => slot)).toEqual([2, 40].filter((slot) => onScreen.has(slot)));
    expect(third?.values).toBeUndefined();
    expect(third?.window).toBeUndefined();
  });

  test("a row that left the screen gets its values when it is back, and no second description", async () => {
    const mirror = mirrorOf(50, 0);
    const tab = new Tab();
    for (const from of [0, 20, 0]) {
      tab.view = { list: { ...query, from, to: from + 2 }, follow: [], counters: false, totals: false };
      tell(tab, mirror);
    }
    const events = await drain(tab);
    expect(events.map((event) => event.rows?.length)).toEqual([2, 2, undefined]);
    expect(events.map((event) => event.values?.length)).toEqual([2, 2, 2]);
  });

  test("a tab that does not read is told everything anew, and holds no backlog", async () => {
    const mirror = mirrorOf(5, 0);
    const tab = new Tab();
    tab.view = { list: query, follow: [], counters: true, totals: false };
    for (let i = 0; i < 100; i++) {
      mirror.take(frame([], { full: false }, () => i, [0]));
      tell(tab, mirror);
    }
    const events = await drain(tab);
    expect(events.length).toBeLessThanOrEqual(9);
    const described = new Set(events.flatMap((event) => event.rows?.map((row) => row.slot) ?? []));
    expect(described.size).toBe(5);
    expect(events.flatMap((event) => event.values ?? []).findLast(([slot]) => slot === 0)?.[1]).toBe(99);
  });

  test("followed rows that are not in the table are named as missing", async () => {
    const mirror = mirrorOf(1, 0);
    const tab = new Tab();
    tab.view = { list: null, follow: [serviceId(key(1)), "tcp:1.2.3.4:5"], counters: false, totals: false };
    tell(tab, mirror);
    const [event] = await drain(tab);
    expect(event?.missing).toEqual(["tcp:1.2.3.4:5"]);
    expect(event?.rows).toHaveLength(1);
  });
});
