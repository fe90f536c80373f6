import { countersPerRow, gaugesPerRow } from "#domain/counters";
import type { ErrorShape } from "#domain/errors";
import type { TableRow } from "#domain/table";

/**
 * Samples on their way from the director to whoever shows them: one frame a sample, rows that did not change
 * left out. A frame is a little-endian u32 (bytes that follow), a u32 (bytes of JSON), the JSON header padded
 * with spaces to 8 bytes, then the columns of `header.moved` rows: counters u64 × 5, slots u32, gauges u32 × 3, rates f32 × 5.
 */
export interface FrameHeader {
  seq: number;
  /** wall clock of the director */
  atMs: number;
  cadenceMs: number;
  /** the first frame of a connection: forget what you had */
  full: boolean;
  upserted: { slot: number; row: TableRow; drainedWeight: number | null }[];
  removed: number[];
  /** rows in the columns */
  moved: number;
  totals: { counters: string[]; rates: (number | null)[]; gauges: number[] };
  /** no sample could be taken: nothing else in the frame counts */
  error?: ErrorShape;
}

export interface Frame {
  header: FrameHeader;
  slots: Uint32Array;
  counters: BigUint64Array;
  gauges: Uint32Array;
  rates: Float32Array;
}

export const maxFrameBytes = 256 * 1024 * 1024;

const prefixBytes = 8;
const bytesPerRow = countersPerRow * 8 + 4 + gaugesPerRow * 4 + countersPerRow * 4;

/** The frame of `slots`, taken from columns that are indexed by slot. */
export function encodeFrame(
  header: Omit<FrameHeader, "moved">,
  slots: Uint32Array,
  columns: { counters: BigUint64Array; gauges: Uint32Array; rates: Float32Array },
): Buffer {
  const json = Buffer.from(JSON.stringify({ ...header, moved: slots.length } satisfies FrameHeader));
  const jsonBytes = Math.ceil(json.length / 8) * 8;
  const frame = Buffer.alloc(prefixBytes + jsonBytes + slots.length * bytesPerRow, " ");
  frame.writeUInt32LE(frame.length - 4, 0);
  frame.writeUInt32LE(jsonBytes, 4);
  json.copy(frame, prefixBytes);
  const out = columnsOf(frame.buffer, frame.byteOffset + prefixBytes + jsonBytes, slots.length);
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] ?? 0;
    out.slots[i] = slot;
    for (let c = 0; c < countersPerRow; c++) {
      out.counters[i * countersPerRow + c] = columns.counters[slot * countersPerRow + c] ?? 0n;
      out.rates[i * countersPerRow + c] = columns.rates[slot * countersPerRow + c] ?? Number.NaN;
    }
    for (let g = 0; g < gaugesPerRow; g++)
      out.gauges[i * gaugesPerRow + g] = columns.gauges[slot * gaugesPerRow + g] ?? 0;
  }
  return frame;
}

function columnsOf(buffer: ArrayBufferLike, at: number, rows: number): Omit<Frame, "header"> {
  const counters = new BigUint64Array(buffer, at, rows * countersPerRow);
  const slots = new Uint32Array(buffer, at + counters.byteLength, rows);
  const gauges = new Uint32Array(buffer, slots.byteOffset + slots.byteLength, rows * gaugesPerRow);
  const rates = new Float32Array(buffer, gauges.byteOffset + gauges.byteLength, rows * countersPerRow);
  return { counters, slots, gauges, rates };
}

/** Puts frames together from the chunks of a stream. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #wanted: number | null = null;

  /** The frames that `chunk` completes. Throws a RangeError for what is not a frame: close the stream then. */
  push(chunk: Uint8Array): Frame[] {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#bytes += chunk.byteLength;
    const frames: Frame[] = [];
    while (this.#bytes >= (this.#wanted ?? 4)) {
      if (this.#wanted === null) {
        const following = this.#joined().readUInt32LE(0);
        if (following < 4 || following > maxFrameBytes) throw new RangeError(`a frame of ${following} bytes`);
        this.#wanted = following + 4;
        continue;
      }
      const joined = this.#joined();
      frames.push(decodeFrame(joined.subarray(0, this.#wanted)));
      const rest = joined.subarray(this.#wanted);
      this.#chunks = rest.length > 0 ? [rest] : [];
      this.#bytes = rest.length;
      this.#wanted = null;
    }
    return frames;
  }

  #joined(): Buffer {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] as Buffer;
  }
}

function decodeFrame(frame: Buffer): Frame {
  const jsonBytes = frame.readUInt32LE(4);
  const header = JSON.parse(frame.toString("utf8", prefixBytes, prefixBytes + jsonBytes)) as FrameHeader;
  const at = prefixBytes + jsonBytes;
  if (frame.length !== at + header.moved * bytesPerRow) throw new RangeError("a frame whose columns do not fill it");
  // A copy of its own memory: columns must lie on 8-byte boundaries, and the chunk is let go.
  const columns = new Uint8Array(frame.length - at);
  columns.set(frame.subarray(at));
  return { header, ...columnsOf(columns.buffer, 0, header.moved) };
}
