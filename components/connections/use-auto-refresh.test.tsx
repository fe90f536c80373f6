import { cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { refreshAfterMs } from "./refresh-time.ts";
import { type AutoRefresh, useAutoRefresh } from "./use-auto-refresh.ts";

const refresh = vi.fn();
let hidden = false;
const setHidden = (value: boolean) => {
  hidden = value;
  document.dispatchEvent(new Event("visibilitychange"));
};

beforeEach(() => {
  vi.useFakeTimers();
  refresh.mockReset();
  hidden = false;
  vi.spyOn(document, "hidden", "get").mockImplementation(() => hidden);
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const start = (parts: Partial<AutoRefresh> = {}) =>
  renderHook((props: AutoRefresh) => useAutoRefresh(props), {
    initialProps: { everyS: 5, tookMs: 20, readId: "r1", refresh, ...parts },
  });

test("a read takes a tenth of the time at most", () => {
  expect([refreshAfterMs(5, 20), refreshAfterMs(5, 500), refreshAfterMs(5, 4200)]).toEqual([5000, 5000, 42_000]);
});

test("never, unless it was asked for", () => {
  start({ everyS: null });
  vi.advanceTimersByTime(3_600_000);
  expect(refresh).not.toHaveBeenCalled();
});

test("the time is counted from the end of each read, and is longer after a slow one", () => {
  const { rerender } = start();
  vi.advanceTimersByTime(4999);
  expect(refresh).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(refresh).toHaveBeenCalledTimes(1);
  rerender({ everyS: 5, tookMs: null, readId: "r1", refresh });
  vi.advanceTimersByTime(60_000);
  expect(refresh).toHaveBeenCalledTimes(1);
  rerender({ everyS: 5, tookMs: 4200, readId: "r2", refresh });
  vi.advanceTimersByTime(41_999);
  expect(refresh).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(refresh).toHaveBeenCalledTimes(2);
});

test("a hidden tab reads nothing, and reads at once what is late when it is seen again", () => {
  start();
  setHidden(true);
  vi.advanceTimersByTime(3_600_000);
  expect(refresh).not.toHaveBeenCalled();
  setHidden(false);
  vi.advanceTimersByTime(0);
  expect(refresh).toHaveBeenCalledTimes(1);
});

test("a tab that was hidden for a moment keeps its time", () => {
  start();
  vi.advanceTimersByTime(2000);
  setHidden(true);
  vi.advanceTimersByTime(1000);
  setHidden(false);
  vi.advanceTimersByTime(1999);
  expect(refresh).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(refresh).toHaveBeenCalledTimes(1);
});
