import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { DirectorError } from "#domain/errors";
import { emptyView } from "#domain/list-query";
import type { LiveEvent, View } from "#domain/live";
import type { TableRow } from "#domain/table";
import { encodeFrame, type Frame, FrameReader } from "#server/director/frames";
import { createLog } from "../log.ts";
import { LiveHub } from "./live-hub.ts";

const log = createLog("web", "silent");

const row: TableRow = {
  kind: "service",
  id: "tcp:10.0.0.1:80",
  key: { kind: "address", protocol: "tcp", address: "10.0.0.1", port: 80 },
  spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
};

/** A director whose stream the test feeds. */
class ScriptedDirector {
  opened = 0;
  watched: string[][] = [];
  #push: ((frame: Frame | DirectorError) => void) | null = null;

  frame(change: { full?: boolean; rows?: TableRow[]; error?: DirectorError["shape"]; rate?: number } = {}): void {
    const rows = change.rows ?? [];
    const header = {
      ...{ seq: 1, atMs: 1, cadenceMs: 1000, full: change.full ?? false, removed: [] },
      upserted: rows.map((each, slot) => ({ slot, row: each, drainedWeight: null })),
      totals: { counters: ["1", "2", "3", "4", "5"], rates: [0, 0, 0, 0, 0], gauges: [0, 0, 0] },
      ...(change.error ? { error: change.error } : {}),
    };
    const columns = {
      counters: new BigUint64Array(5 * 4),
      gauges: new Uint32Array(3 * 4),
      rates: new Float32Array(5 * 4).fill(change.rate ?? 0),
    };
    const moved = Uint32Array.from(change.rate === undefined ? rows.map((_, slot) => slot) : [0]);
    for (const frame of new FrameReader().push(encodeFrame(header, moved, columns))) this.#push?.(frame);
  }

  hangUp(): void {
    this.#push?.(new DirectorError("UNREACHABLE"));
  }

  async *samples(_watcher: string, signal: AbortSignal): AsyncGenerator<Frame> {
    this.opened++;
    const waiting: (Frame | DirectorError)[] = [];
    let wake = () => {};
    this.#push = (next) => {
      waiting.push(next);
      wake();
    };
    signal.addEventListener("abort", () => wake());
    while (!signal.aborted) {
      const next = waiting.shift();
      if (next instanceof DirectorError) throw next;
      if (next) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }

  async watch(_watcher: string, ids: readonly string[]): Promise<void> {
    this.watched.push([...ids]);
  }
}

let director: ScriptedDirector;
let hub: LiveHub;
beforeEach(() => {
  vi.useFakeTimers();
  director = new ScriptedDirector();
  hub = new LiveHub(director, log);
});
afterEach(() => {
  hub.close();
  vi.useRealTimers();
});

const follow: View = { ...emptyView, follow: [row.id] };

function open(viewId: string, view: View): { events: LiveEvent[]; close: () => void } {
  const ending = new AbortController();
  const events: LiveEvent[] = [];
  void (async () => {
    for await (const event of hub.open(viewId, view, ending.signal)) events.push(event);
  })();
  return { events, close: () => ending.abort() };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("LiveHub", () => {
  test("fifty tabs, one stream; it is let go some seconds after the last tab", async () => {
    const tabs = Array.from({ length: 50 }, (_, i) => open(`tab-${i}`, follow));
    await settle();
    director.frame({ full: true, rows: [row] });
    await settle();
    expect(director.opened).toBe(1);
    expect(tabs.every(({ events }) => events.some((event) => event.rows?.[0]?.row.id === row.id))).toBe(true);
    expect(director.watched).toEqual([[row.id]]);
    for (const tab of tabs) tab.close();
    await vi.advanceTimersByTimeAsync(6000);
    open("later", follow);
    await settle();
    expect(director.opened).toBe(2);
  });

  test("a lost director: the code, when the next try is, and the same values all along; then a fresh start", async () => {
    const { events } = open("tab-aaaa", follow);
    await settle();
    director.frame({ full: true, rows: [row] });
    await settle();
    director.hangUp();
    await settle();
    expect(events.at(-1)).toEqual({
      state: { kind: "stale", code: "UNREACHABLE", params: {}, retryInMs: 1000, failures: 1 },
    });
    await vi.advanceTimersByTimeAsync(1000);
    expect(director.opened).toBe(2);
    // What the silence of a stream that is gone would say must not take the reason's place.
    await vi.advanceTimersByTimeAsync(10_000);
    expect(events.some(({ state }) => state?.kind === "stale" && state.code === "TIMED_OUT")).toBe(false);
    director.frame({ full: true, rows: [row] });
    await settle();
    expect(events.at(-1)).toMatchObject({ fresh: true, state: { kind: "live" } });
    expect(events.at(-1)?.rows).toHaveLength(1);
  });

  test("an error frame is stale with the kernel's reason, and no row is touched", async () => {
    const { events } = open("tab-aaaa", follow);
    await settle();
    director.frame({ full: true, rows: [row] });
    director.frame({ error: new DirectorError("NOT_PERMITTED").shape });
    await settle();
    expect(events.at(-1)).toEqual({
      state: { kind: "stale", code: "NOT_PERMITTED", params: {}, retryInMs: 1000, failures: 1 },
    });
  });

  test("a director that hangs is as lost as one that hung up", async () => {
    const { events } = open("tab-aaaa", follow);
    await settle();
    director.frame({ full: true, rows: [row] });
    await vi.advanceTimersByTimeAsync(4100);
    expect(events.at(-1)?.state).toMatchObject({ kind: "stale", code: "TIMED_OUT" });
    director.frame({ rate: 3 });
    await settle();
    expect(events.at(-1)).toMatchObject({ state: { kind: "live" } });
  });

  test("a list in order of names is evaluated once; one in order of a rate once in three samples", async () => {
    const { wholeList } = await import("#domain/list-query");
    open("tab-aaaa", { ...emptyView, list: { ...wholeList, to: 10 } });
    open("tab-bbbb", { ...emptyView, list: { ...wholeList, to: 10 } });
    await settle();
    director.frame({ full: true, rows: [row] });
    await settle();
    const before = hub.evaluations;
    for (let i = 0; i < 9; i++) {
      director.frame({ rate: i });
      await settle();
    }
    expect(hub.evaluations).toBe(before);
    open("tab-cccc", { ...emptyView, list: { ...wholeList, to: 10, sort: "connectionsPerSecond" } });
    await settle();
    const once = hub.evaluations;
    for (let i = 0; i < 9; i++) {
      director.frame({ rate: i });
      await settle();
    }
    expect(hub.evaluations - once).toBe(3);
  });

  test("the mirror is for others to read while samples come, and only then", async () => {
    expect(hub.liveMirror).toBeNull();
    const { close } = open("tab-aaaa", follow);
    await settle();
    expect(hub.liveMirror).toBeNull();
    director.frame({ full: true, rows: [row] });
    await settle();
    expect(hub.liveMirror?.services.has(row.id)).toBe(true);
    director.frame({ error: new DirectorError("NOT_PERMITTED").shape });
    await settle();
    expect(hub.liveMirror).toBeNull();
    director.frame({ rate: 3 });
    await settle();
    expect(hub.liveMirror).not.toBeNull();
    // The stream that nobody watches is let go: what it left behind is of no age that anyone knows.
    close();
    await vi.advanceTimersByTimeAsync(6000);
    expect(hub.liveMirror).toBeNull();
  });

  test("a view for a stream that is not there is refused", () => {
    expect(hub.setView("nobody-here", follow)).toBe(false);
  });
});
