import { describe, expect, test } from "vitest";
import type { Gauges } from "#domain/counters";
import { maxWindowRows } from "#domain/list-query";
import type { ListQuery } from "#domain/live";
import { serviceId } from "#domain/service";
import type { TableRow } from "#domain/table";
import type { FrameHeader } from "#server/director/frames";
import { listWindow } from "./list.ts";
import { Mirror } from "./mirror.ts";
import { frame, key, mirrorOf, query, server, service } from "./mirror-fixture.ts";

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

describe("what needs attention, counted", () => {
  const without = { active: 0, inactive: 0, persistent: 0 };

  /** One service with a server that takes three connections, and one without a limit. */
  function limited(): Mirror {
    const mirror = new Mirror();
    mirror.take(frame([service(1), server(1, 1, 1, 3), server(1, 2)]));
    return mirror;
  }
  const hold = (mirror: Mirror, slots: number[], connections: Partial<Gauges>) =>
    mirror.take(frame([], { full: false }, undefined, slots, { ...without, ...connections }));

  test("a server that reaches its upper threshold leaves its service, and comes back below it", () => {
    const mirror = limited();
    const described = () => mirror.rows.get(0)?.describedSeq;
    const first = described();
    hold(mirror, [1, 2], { active: 1, inactive: 1 });
    expect(mirror.describe(0)).toMatchObject({ servers: 2, usable: 2 });
    expect(mirror.attention).toBe(0);
    expect(described()).toBe(first);

    hold(mirror, [1, 2], { active: 2, inactive: 1 });
    expect(mirror.describe(0)).toMatchObject({ servers: 2, usable: 1 });
    expect(mirror.attention).toBe(1);
    expect(described()).toBe(mirror.seq);
    const full = described();

    hold(mirror, [1, 2], { active: 4, inactive: 1 });
    expect(described()).toBe(full);
    hold(mirror, [1], { active: 2, persistent: 9 });
    expect(mirror.describe(0)).toMatchObject({ usable: 2 });
    expect(described()).toBe(mirror.seq);
    expect(mirror.attention).toBe(0);
  });

  test("a threshold that is set or lifted counts with the connections that are there", () => {
    const mirror = limited();
    const edit = (upperThreshold: number) => {
      const row = server(1, 2, 1, upperThreshold);
      mirror.take(frame([], { full: false, upserted: [{ slot: 2, row, drainedWeight: null }] }, undefined, []));
    };
    hold(mirror, [2], { active: 50 });
    expect(mirror.attention).toBe(0);
    edit(50);
    expect(mirror.describe(0)).toMatchObject({ usable: 1 });
    expect(mirror.attention).toBe(1);
    edit(0);
    expect(mirror.attention).toBe(0);
    hold(mirror, [2], { active: 90 });
    expect(mirror.attention).toBe(0);
  });

  test("is always what the list of them holds, whatever comes, goes or is edited", () => {
    const mirror = mirrorOf(3, 2);
    const counted = () => {
      const { matchedServices } = listWindow(mirror, { ...query, state: ["attention"] });
      expect(mirror.attention).toBe(matchedServices);
      return matchedServices;
    };
    const take = (change: Partial<FrameHeader>) => mirror.take(frame([], { full: false, ...change }, undefined, []));
    const upsert = (slot: number, row: TableRow) => take({ upserted: [{ slot, row, drainedWeight: null }] });
    expect(counted()).toBe(0);
    upsert(1, server(1, 1, 0));
    expect(counted()).toBe(1);
    upsert(0, service(1));
    expect(counted()).toBe(1);
    upsert(20, service(9));
    expect(counted()).toBe(2);
    take({ removed: [4, 5] });
    expect(counted()).toBe(3);
    take({ removed: [20, 1] });
    expect(counted()).toBe(1);
    take({ removed: [3] });
    expect(counted()).toBe(0);
    mirror.take(frame([service(1)]));
    expect(counted()).toBe(1);
  });
});
