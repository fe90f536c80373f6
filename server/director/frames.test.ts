import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeFrame, type FrameHeader, FrameReader } from "./frames.ts";

const header: Omit<FrameHeader, "moved"> = {
  seq: 7,
  atMs: 1,
  cadenceMs: 1000,
  full: false,
  upserted: [],
  removed: [3],
  totals: { counters: ["18446744073709551615"], rates: [null], gauges: [] },
};

const columns = {
  counters: BigUint64Array.from({ length: 50 }, (_, i) => BigInt(i) << 40n),
  gauges: Uint32Array.from({ length: 30 }, (_, i) => i * 3),
  rates: Float32Array.from({ length: 50 }, (_, i) => (i === 5 ? Number.NaN : i / 4)),
};

describe("frames", () => {
  test("come out of any chunking as they went in", () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(fc.nat(9))), fc.array(fc.integer({ min: 1, max: 97 })), (slotLists, cuts) => {
        const bytes = Buffer.concat(slotLists.map((slots) => encodeFrame(header, Uint32Array.from(slots), columns)));
        const reader = new FrameReader();
        const frames = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = cuts[i % Math.max(1, cuts.length)] ?? bytes.length;
          frames.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(frames.map((frame) => [...frame.slots])).toEqual(slotLists);
        for (const frame of frames) {
          expect(frame.header).toEqual({ ...header, moved: frame.slots.length });
          frame.slots.forEach((slot, i) => {
            expect(frame.counters[i * 5 + 4]).toBe(columns.counters[slot * 5 + 4]);
            expect(frame.gauges[i * 3 + 1]).toBe(columns.gauges[slot * 3 + 1]);
            expect(frame.rates[i * 5]).toBe(columns.rates[slot * 5]);
          });
        }
      }),
    );
  });

  test("what is not a frame is an error, not an endless wait", () => {
    expect(() => new FrameReader().push(Buffer.from([255, 255, 255, 255]))).toThrow(RangeError);
    expect(() => new FrameReader().push(Buffer.from([0, 0, 0, 0]))).toThrow(RangeError);
    const frame = encodeFrame(header, Uint32Array.from([1]), columns);
    frame.writeUInt32LE(frame.length - 12, 0);
    expect(() => new FrameReader().push(frame)).toThrow();
  });
});
