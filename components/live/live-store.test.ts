import { beforeEach, describe, expect, test, vi } from "vitest";
import { wholeList } from "#domain/list-query";
import type { DescribedRow, ListQuery, LiveEvent, RowValues } from "#domain/live";
import { LiveStore } from "./live-store.ts";

const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };

function server(slot: number, port: number, weight = 1): DescribedRow {
  const spec = {
    address: "10.0.0.7",
    port,
    forward: "nat" as const,
    weight,
    upperThreshold: 0,
    lowerThreshold: 0,
    tunnel: null,
  };
  return {
    slot,
    row: { kind: "server", id: `tcp:10.0.0.1:80>10.0.0.7:${port}`, serviceId: "tcp:10.0.0.1:80", spec },
    drainedWeight: null,
  };
}

const values = (slot: number, rate: number): RowValues => [slot, rate, 0, 0, 0, 0, 0, 0, 0];

function sample(atMs: number, rest: Omit<LiveEvent, "sample"> = {}): LiveEvent {
  return {
    sample: { atMs, ageMs: 20, cadenceMs: 1000 },
    summary: { services: 1, servers: 2, attention: 0, values: values(-1, 1), counters },
    ...rest,
  };
}

const window = (...slots: number[]) => ({
  from: 0,
  totalRows: slots.length,
  matchedServices: 1,
  matchedServers: 2,
  slots,
});

const query: ListQuery = { ...wholeList, to: 40 };

describe("LiveStore", () => {
  let store: LiveStore;
  beforeEach(() => {
    store = new LiveStore();
    store.opened();
    store.take(
      sample(1000, {
        state: { kind: "live" },
        window: window(1, 2),
        rows: [server(1, 81), server(2, 82)],
        values: [values(1, 10), values(2, 20)],
      }),
    );
  });

  test("only the row that moved is told about, and the other stays the same object", () => {
    const first = vi.fn();
    const second = vi.fn();
    store.onRow(1, first);
    store.onRow(2, second);
    const before = store.values(2);
    store.take(sample(2000, { values: [values(1, 11)] }));
    expect(first).toHaveBeenCalledTimes(1);
    expect(second).not.toHaveBeenCalled();
    expect(store.values(1)?.[1]).toBe(11);
    expect(store.values(2)).toBe(before);
  });

  test("nothing is told after the end of a subscription", () => {
    const listener = vi.fn();
    store.onRow(1, listener)();
    store.take(sample(2000, { values: [values(1, 11)] }));
    expect(listener).not.toHaveBeenCalled();
  });

  test("when the stream is lost, what was shown stays and the store says so", () => {
    store.lost(performance.now() + 1000);
    expect(store.status()).toMatchObject({ kind: "stale", lost: "console" });
    expect(store.values(1)?.[1]).toBe(10);
    expect(store.window()?.slots).toEqual([1, 2]);
  });

  test("a director that is lost is told apart from a console that is lost, with its reason", () => {
    store.take({ state: { kind: "stale", code: "NOT_AVAILABLE", params: {}, retryInMs: 1000, failures: 1 } });
    expect(store.status()).toMatchObject({ kind: "stale", lost: "director", code: "NOT_AVAILABLE" });
    expect(store.values(1)?.[1]).toBe(10);
  });

  test("a new stream that has no samples yet empties nothing; its first sample replaces everything", () => {
    store.lost(null);
    store.opened();
    store.take({ state: { kind: "stale", code: "UNREACHABLE", params: {}, retryInMs: 1000, failures: 1 } });
    expect(store.row(2)).not.toBeNull();
    store.take(
      sample(9000, { state: { kind: "live" }, window: window(1), rows: [server(1, 99)], values: [values(1, 5)] }),
    );
    expect(store.row(2)).toBeNull();
    expect(store.row(1)?.row.id).toBe("tcp:10.0.0.1:80>10.0.0.7:99");
    expect(store.slotOf("tcp:10.0.0.1:80>10.0.0.7:81")).toBeNull();
  });

  test("a slot that another row took over has another past", () => {
    store.take(sample(2000, { values: [values(1, 11)] }));
    const before = store.minute(1);
    store.take(sample(3000, { rows: [server(1, 99)], values: [values(1, 5)] }));
    expect(store.minute(1)).not.toBe(before);
    expect(
      store
        .minute(1)
        ?.series(1)
        .filter((value) => value !== null),
    ).toEqual([5]);
    expect(store.slotOf("tcp:10.0.0.1:80>10.0.0.7:81")).toBeNull();
  });

  test("an edit of a row keeps its past", () => {
    const before = store.minute(1);
    store.take(sample(2000, { rows: [server(1, 81, 5)], values: [values(1, 11)] }));
    expect(store.minute(1)).toBe(before);
    expect(before?.series(1).slice(-2)).toEqual([10, 11]);
  });

  test("a row that did not move has its value at every sample; a missed sample is a gap", () => {
    store.take(sample(2000));
    store.take(sample(4000));
    expect(store.minute(1)?.series(1).slice(-4)).toEqual([10, 10, null, 10]);
  });

  describe("while someone points at a row", () => {
    beforeEach(() => store.holdOrder(true));

    test("rows keep their places and numbers move on", () => {
      store.take(sample(2000, { window: window(2, 1), values: [values(1, 11)] }));
      expect(store.window()?.slots).toEqual([1, 2]);
      expect(store.orderWaits()).toBe(true);
      expect(store.values(1)?.[1]).toBe(11);
      store.holdOrder(false);
      expect(store.window()?.slots).toEqual([2, 1]);
      expect(store.orderWaits()).toBe(false);
    });

    test("a row that came or went is shown at once", () => {
      store.take(sample(2000, { window: window(2) }));
      expect(store.window()?.slots).toEqual([2]);
    });

    test("a row replaced by another is not kept on screen as if it were there", () => {
      store.take(
        sample(2000, { window: window(2, 3), rows: [server(3, 83)], missing: ["tcp:10.0.0.1:80>10.0.0.7:81"] }),
      );
      expect(store.window()?.slots).toEqual([2, 3]);
    });

    test("an answer to what was asked before is not kept for one to what is asked now, were it as long", () => {
      store.viewChanged({ list: { ...query, descending: true }, follow: [] });
      store.take(sample(2000, { window: { ...window(1, 2), matchedServices: 1, matchedServers: 1 } }));
      store.take({ window: { ...window(2, 1), matchedServices: 2, matchedServers: 0 } });
      expect(store.window()?.slots).toEqual([2, 1]);
    });

    test("what was asked for is shown", () => {
      store.viewChanged({ list: { ...query, descending: true }, follow: [] });
      store.take(sample(2000, { window: window(2, 1) }));
      expect(store.window()?.slots).toEqual([2, 1]);
    });
  });

  describe("paused", () => {
    beforeEach(() => store.setPaused(true));

    test("numbers and order stand still, and catch up on play", () => {
      store.take(sample(2000, { window: window(2, 1), values: [values(1, 11)] }));
      store.take(sample(3000, { values: [values(1, 12), values(2, 22)] }));
      expect(store.values(1)?.[1]).toBe(10);
      expect(store.window()?.slots).toEqual([1, 2]);
      store.setPaused(false);
      expect(store.values(1)?.[1]).toBe(12);
      expect(store.values(2)?.[1]).toBe(22);
      expect(store.window()?.slots).toEqual([2, 1]);
    });

    test("what the person asks for meanwhile is shown, with its numbers", () => {
      store.viewChanged({ list: { ...query, search: "83" }, follow: [] });
      store.take({ window: window(3), rows: [server(3, 83)], values: [values(3, 30)] });
      expect(store.window()?.slots).toEqual([3]);
      expect(store.values(3)?.[1]).toBe(30);
    });

    test("following another row lets no other order through", () => {
      store.viewChanged({ list: null, follow: ["tcp:10.0.0.1:80"] });
      store.take(sample(2000, { window: window(2, 1) }));
      expect(store.window()?.slots).toEqual([1, 2]);
    });

    test("an edited row is shown as it is now", () => {
      store.take(sample(2000, { rows: [server(1, 81, 0)], values: [values(1, 11)] }));
      const row = store.row(1)?.row;
      expect(row?.kind === "server" && row.spec.weight).toBe(0);
    });

    test("staleness is said all the same", () => {
      store.lost(null);
      expect(store.status().kind).toBe("stale");
    });
  });

  test("keeps a bounded number of rows that left the screen", () => {
    for (let at = 0; at < 40; at++) {
      const slots = Array.from({ length: 100 }, (_, i) => 10 + at * 100 + i);
      store.take(
        sample(2000 + at * 1000, {
          window: window(...slots),
          rows: slots.map((slot) => server(slot, slot)),
          values: slots.map((slot) => values(slot, slot)),
        }),
      );
    }
    const kept = Array.from({ length: 5000 }, (_, slot) => store.values(slot)).filter((row) => row !== null);
    expect(kept.length).toBeLessThanOrEqual(900);
    expect(store.window()?.slots.every((slot) => store.values(slot) !== null)).toBe(true);
    // What a row is was told once and will not be told again.
    expect(store.row(10)).not.toBeNull();
  });

  test("a row that comes back on screen has a gap for the time it was away, and wants its past", () => {
    const minute = store.minute(2);
    if (minute) minute.wantsPast = false;
    store.take(sample(2000, { window: window(1) }));
    store.take(sample(3000));
    store.take(sample(4000, { window: window(1, 2), values: [values(2, 25)] }));
    expect(store.minute(2)?.series(1).slice(-4)).toEqual([20, null, null, 25]);
    expect(store.minute(2)?.wantsPast).toBe(true);
  });

  test("a row whose values were dropped has a sparkline again when it comes back", () => {
    for (let at = 0; at < 10; at++) {
      const slots = Array.from({ length: 100 }, (_, i) => 10 + at * 100 + i);
      store.take(sample(2000 + at * 1000, { window: window(...slots), values: slots.map((slot) => values(slot, 1)) }));
    }
    expect(store.minute(1)).toBeNull();
    store.take(sample(20_000, { window: window(1), values: [values(1, 3)] }));
    expect(store.minute(1)?.series(1).at(-1)).toBe(3);
  });

  test("a director that starts anew is forgotten as a whole, though the stream goes on", () => {
    store.take(sample(2000, { fresh: true, window: window(2), rows: [server(2, 90)], values: [values(2, 1)] }));
    expect(store.row(1)).toBeNull();
    expect(store.slotOf("tcp:10.0.0.1:80>10.0.0.7:82")).toBeNull();
    expect(store.slotOf("tcp:10.0.0.1:80>10.0.0.7:90")).toBe(2);
  });
});
