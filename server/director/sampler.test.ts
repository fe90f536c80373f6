import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { TableRow } from "#domain/table";
import { type Frame, FrameReader } from "./frames.ts";
import { IpvsFault, type Snapshot } from "./ipvs.ts";
import { Sampler } from "./sampler.ts";

const row: TableRow = {
  kind: "service",
  id: "tcp:10.0.0.1:80",
  key: { kind: "address", protocol: "tcp", address: "10.0.0.1", port: 80 },
  spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
};

let rows: TableRow[];
let count: bigint;
let failing: IpvsFault | null;
let snapshots: number;
let sampler: Sampler;

async function snapshot(): Promise<Snapshot> {
  snapshots++;
  if (failing) throw failing;
  return { rows, counters: new BigUint64Array(rows.length * 5).fill(count), gauges: new Uint32Array(rows.length * 3) };
}

beforeEach(() => {
  vi.useFakeTimers();
  rows = [row];
  count = 0n;
  failing = null;
  snapshots = 0;
  const ipvs = { snapshot, totals: async () => new BigUint64Array(5).fill(count) };
  sampler = new Sampler({
    ipvs,
    sampleMs: 1000,
    monotonicMs: () => Date.now(),
    wallMs: () => Date.now(),
    drainedWeight: () => 7,
  });
  sampler.start();
});
afterEach(() => {
  sampler.stop();
  vi.useRealTimers();
});

function watch(): { frames: Frame[]; end: () => void } {
  const reader = new FrameReader();
  const frames: Frame[] = [];
  return { frames, end: sampler.subscribe((bytes) => frames.push(...reader.push(bytes))) };
}

describe("Sampler", () => {
  test("hands out its last snapshot while that is young enough, and none after a failure for long", async () => {
    expect(sampler.latest(12_000)).toBeNull();
    await vi.advanceTimersByTimeAsync(1000);
    expect(sampler.latest(12_000)?.rows).toBe(rows);
    const before = snapshots;
    await vi.advanceTimersByTimeAsync(8000);
    expect(sampler.latest(5000)).toBeNull();
    expect(sampler.latest(12_000)).not.toBeNull();
    expect(snapshots).toBe(before);
    failing = new IpvsFault({ code: "ENOENT", errno: 2, message: "gone" }, "family");
    await vi.advanceTimersByTimeAsync(20_000);
    expect(sampler.latest(12_000)).toBeNull();
  });

  test("every 10 s while nobody watches, every second while someone does, and back", async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    expect(snapshots).toBeGreaterThanOrEqual(6);
    expect(snapshots).toBeLessThanOrEqual(8);
    const before = snapshots;
    const { end } = watch();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(snapshots - before).toBeGreaterThanOrEqual(20);
    expect(snapshots - before).toBeLessThanOrEqual(21);
    end();
    const after = snapshots;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(snapshots - after).toBeLessThanOrEqual(8);
  });

  test("fifty watchers cost the kernel what one does", async () => {
    const one = watch();
    await vi.advanceTimersByTimeAsync(10_000);
    const forOne = snapshots;
    const many = Array.from({ length: 49 }, () => watch());
    await vi.advanceTimersByTimeAsync(10_000);
    expect(snapshots - forOne).toBeLessThanOrEqual(forOne);
    expect(many.every(({ frames }) => frames.length >= 9)).toBe(true);
    expect(one.frames.length).toBeGreaterThanOrEqual(19);
  });

  test("the first frame is the whole table, later ones carry only what changed", async () => {
    const early = watch();
    await vi.advanceTimersByTimeAsync(10_500);
    const late = watch();
    await vi.advanceTimersByTimeAsync(1000);
    expect(early.frames[0]?.header).toMatchObject({ full: true, moved: 1 });
    expect(early.frames[0]?.header.upserted).toHaveLength(1);
    expect(
      early.frames.slice(6).every(({ header }) => !header.full && header.moved === 0 && header.upserted.length === 0),
    ).toBe(true);
    expect(late.frames[0]?.header).toMatchObject({ full: true, moved: 1 });
    count = 5n;
    await vi.advanceTimersByTimeAsync(1000);
    expect(early.frames.at(-1)?.header).toMatchObject({ full: false, moved: 1 });
    rows = [];
    await vi.advanceTimersByTimeAsync(1000);
    expect(early.frames.at(-1)?.header.removed).toEqual([0]);
  });

  test("no sample: every watcher is told why, nothing is made up, and it recovers by itself", async () => {
    const { frames } = watch();
    await vi.advanceTimersByTimeAsync(3000);
    failing = new IpvsFault({ code: "EPERM", errno: 1, message: "Operation not permitted" }, "snapshot");
    await vi.advanceTimersByTimeAsync(2000);
    const last = frames.at(-1)?.header;
    expect(last?.error?.code).toBe("INTERNAL");
    expect(last).toMatchObject({ moved: 0, upserted: [], removed: [] });
    failing = null;
    await vi.advanceTimersByTimeAsync(2000);
    expect(frames.at(-1)?.header.error).toBeUndefined();
  });

  test("refresh shows an own edit at once and does not move the beat", async () => {
    const { frames } = watch();
    await vi.advanceTimersByTimeAsync(5300);
    const before = frames.length;
    rows = [{ ...row, spec: { ...row.spec, scheduler: "wlc" } }];
    await sampler.refresh();
    expect(frames.length).toBe(before + 1);
    expect(frames.at(-1)?.header.upserted).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(700);
    expect(frames.length).toBe(before + 2);
  });

  test.each([200, 300, 500])("with a sample each %i ms rates and history go by the second", async (sampleMs) => {
    const fast = new Sampler({
      ipvs: {
        snapshot: async () => ({ ...(await snapshot()), counters: new BigUint64Array(5).fill(counted()) }),
        totals: async () => new BigUint64Array(5).fill(counted()),
      },
      sampleMs,
      monotonicMs: () => Date.now(),
      wallMs: () => Date.now(),
      drainedWeight: () => null,
    });
    const counted = () => BigInt(Math.floor(Date.now() / 2000) * 400);
    fast.start();
    await vi.advanceTimersByTimeAsync(26_400);
    fast.watch(fast, [row.id]);
    const frames: Frame[] = [];
    const reader = new FrameReader();
    fast.subscribe((bytes) => frames.push(...reader.push(bytes)));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(frames.length).toBeGreaterThanOrEqual(Math.floor(20_000 / sampleMs));
    for (const { header } of frames) expect(Math.abs((header.totals.rates[1] ?? 0) - 200)).toBeLessThanOrEqual(50);
    const [past] = fast.past({ ids: [row.id], windowS: 20 });
    expect(past?.atMs.length).toBeGreaterThanOrEqual(16);
    expect(past?.atMs.length).toBeLessThanOrEqual(23);
    fast.stop();
  });

  test("a slow kernel is not asked again before it has answered", async () => {
    let running = 0;
    let most = 0;
    const slow = new Sampler({
      ipvs: {
        snapshot: async () => {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 3500));
          running--;
          return snapshot();
        },
        totals: async () => new BigUint64Array(5),
      },
      sampleMs: 1000,
      monotonicMs: () => Date.now(),
      wallMs: () => Date.now(),
      drainedWeight: () => null,
    });
    slow.subscribe(() => {});
    slow.start();
    const refreshed = slow.refresh();
    await vi.advanceTimersByTimeAsync(20_000);
    await refreshed;
    expect(most).toBe(1);
    slow.stop();
  });
});
