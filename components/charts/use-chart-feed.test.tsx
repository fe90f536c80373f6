import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { HistoryQuery, LiveEvent, RowHistory, RowValues } from "#domain/live";
import { LiveStore } from "../live/live-store.ts";
import { metrics } from "./timeline.ts";
import { useChartFeed } from "./use-chart-feed.ts";

const page = vi.hoisted(() => ({
  live: {} as { store: LiveStore; board: { put: (key: symbol, part: unknown) => void; remove: () => void } },
  ask: vi.fn<(query: HistoryQuery) => Promise<RowHistory[]>>(),
  followed: [] as unknown[],
}));
vi.mock("#components/live/live-provider", () => ({ useLive: () => page.live }));
vi.mock("#components/trpc", () => {
  const client = { live: { history: { query: page.ask } } };
  return { useTRPCClient: () => client };
});

const server = "tcp:192.0.2.1:80>10.0.0.1:80";
const startMs = 1_700_000_000_000;

beforeEach(() => {
  page.followed = [];
  page.ask.mockReset();
  page.ask.mockResolvedValue([]);
  const put = (_key: symbol, part: unknown) => void page.followed.push(part);
  page.live = { store: new LiveStore(), board: { put, remove: () => {} } };
});

afterEach(cleanup);

const values = (slot: number, value: number) => [slot, ...metrics.map(() => value)] as unknown as RowValues;
const spec = {
  address: "10.0.0.1",
  port: 80,
  forward: "nat",
  weight: 1,
  upperThreshold: 0,
  lowerThreshold: 0,
  tunnel: null,
} as const;
const rows: LiveEvent["rows"] = [
  { slot: 4, row: { kind: "server", id: server, serviceId: "tcp:192.0.2.1:80", spec }, drainedWeight: null },
];
const counters = { connections: "0", inPackets: "0", outPackets: "0", inBytes: "0", outBytes: "0" };

/** One sample as a tab gets it: values of the row only when they moved. */
function sample(second: number, table: number, moved?: number, more: LiveEvent = {}): void {
  const event: LiveEvent = {
    state: { kind: "live" },
    sample: { atMs: startMs + second * 1000, ageMs: 0, cadenceMs: 1000 },
    summary: { services: 1, servers: 1, attention: 0, values: values(-1, table), counters },
    ...(moved === undefined ? {} : { values: [values(4, moved)] }),
    ...more,
  };
  act(() => page.live.store.take(event));
}

function past(id: string, points: [second: number, value: number][]): RowHistory {
  return {
    id,
    atMs: points.map(([second]) => startMs + second * 1000),
    cadenceMs: points.map(() => 1000),
    values: metrics.map(() => points.map(([, value]) => value)),
  };
}

test("the past comes from the director, the present from the stream, a row that did not move included", async () => {
  page.ask.mockResolvedValue([
    past("", [
      [0, 10],
      [1, 10],
    ]),
    past(server, [
      [0, 1],
      [1, 2],
    ]),
  ]);
  const { result } = renderHook(() => useChartFeed([server]));
  await act(async () => {});
  expect(page.ask).toHaveBeenCalledExactlyOnceWith({ ids: ["", server], windowS: 900 });
  expect(page.followed).toEqual([{ follow: [server] }]);
  sample(2, 20, 3, { rows });
  sample(3, 21);
  const { times, column } = result.current.moment();
  expect(times.map((atMs) => (atMs - startMs) / 1000)).toEqual([0, 1, 2, 3]);
  expect(column(server, "active")).toEqual([1, 2, 3, 3]);
  expect(column("", "active")).toEqual([10, 10, 20, 21]);
});

test("after missed samples the director is asked what it remembers of them", async () => {
  const { result } = renderHook(() => useChartFeed([]));
  await act(async () => {});
  sample(1, 1);
  sample(2, 2);
  expect(page.ask).toHaveBeenCalledTimes(1);
  page.ask.mockResolvedValue([
    past("", [
      [3, 3],
      [4, 4],
      [5, 5],
      [6, 6],
    ]),
  ]);
  sample(6, 6);
  await act(async () => {});
  expect(page.ask).toHaveBeenCalledTimes(2);
  expect(result.current.moment().column("", "active")).toEqual([1, 2, 3, 4, 5, 6]);
});

test("numbers that are held still are not drawn as new ones; the past fills in when they move again", async () => {
  const { result } = renderHook(() => useChartFeed([server]));
  await act(async () => {});
  sample(1, 1, 1, { rows });
  act(() => page.live.store.setPaused(true));
  for (let second = 2; second < 6; second++) sample(second, second, second);
  expect(result.current.moment().times).toHaveLength(1);
  page.ask.mockResolvedValue([
    past(server, [
      [2, 2],
      [3, 3],
      [4, 4],
      [5, 5],
    ]),
  ]);
  act(() => page.live.store.setPaused(false));
  sample(6, 6, 6);
  await act(async () => {});
  const own = result.current.moment().column(server, "active");
  expect(own.filter((value) => value !== undefined)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a row that is removed gets a gap, and other rows go on", async () => {
  const { result } = renderHook(() => useChartFeed([server]));
  await act(async () => {});
  sample(1, 1, 1, { rows });
  sample(2, 2, undefined, { missing: [server] });
  const { column } = result.current.moment();
  expect(column("", "active")).toEqual([1, 2]);
  expect(column(server, "active")).toEqual([1, null]);
});

test("other rows are asked for when they come, and forgotten when they go", async () => {
  const { result, rerender } = renderHook(({ ids }) => useChartFeed(ids), { initialProps: { ids: [server] } });
  await act(async () => {});
  sample(1, 1, 1, { rows });
  rerender({ ids: [server, "tcp:192.0.2.1:80>10.0.0.2:80"] });
  await act(async () => {});
  expect(page.ask.mock.lastCall?.[0].ids).toEqual(["", server, "tcp:192.0.2.1:80>10.0.0.2:80"]);
  rerender({ ids: [] });
  await act(async () => {});
  expect(result.current.moment().column(server, "active")).toEqual([]);
});

test("without an answer about the past, the present is drawn all the same", async () => {
  page.ask.mockRejectedValue(new Error("lost"));
  const { result } = renderHook(() => useChartFeed([]));
  await act(async () => {});
  sample(1, 7);
  expect(result.current.moment().column("", "active")).toEqual([7]);
});
