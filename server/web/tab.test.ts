import { describe, expect, test } from "vitest";
import type { LiveEvent } from "#domain/live";
import { serviceId } from "#domain/service";
import { listWindow } from "./list.ts";
import { Mirror } from "./mirror.ts";
import { frame, key, mirrorOf, query, server, service } from "./mirror-fixture.ts";
import { Tab } from "./tab.ts";

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

  test("a service is described anew when a server of it is full, and so is the count of those that need attention", async () => {
    const mirror = new Mirror();
    mirror.take(frame([service(1), server(1, 1, 1, 3), server(1, 2)]));
    const tab = new Tab();
    tab.view = { list: query, follow: [], counters: false, totals: false };
    tell(tab, mirror);
    for (const active of [2, 3, 4]) {
      mirror.take(frame([], { full: false }, undefined, [0, 1], { active, inactive: 0, persistent: 0 }));
      tell(tab, mirror);
    }
    const events = await drain(tab);
    expect(events.map((event) => event.summary?.attention)).toEqual([0, undefined, 1, undefined]);
    expect(events.map((event) => event.rows?.map(({ usable }) => usable))).toEqual([[2], undefined, [1], undefined]);
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
