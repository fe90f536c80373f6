import type { ConnectionSource, ReadPlan } from "./connection-source.ts";
import { TextConnections } from "./text-connections.ts";

const msPerChunk = 50;
const rowsPerChunk = 10;

/** A table of `rows` connections on a clock that only reading moves: ten rows take 50 ms. */
export class SlowTable implements ConnectionSource {
  nowMs = 0;
  rows = 200;
  opened: ReadPlan[] = [];
  closed = 0;
  /** that were open and not closed, at most */
  heldAtOnce = 0;
  /** reads that are within their file right now, at most */
  atOnce = 0;
  chunks = 0;
  /** chunk number → what happens before it is read */
  readonly before = new Map<number, () => void | Promise<void>>();
  failure: Error | null = null;
  #within = 0;

  readonly clock = () => this.nowMs;

  async open(plan: ReadPlan) {
    if (this.failure) throw this.failure;
    this.opened.push(plan);
    this.heldAtOnce = Math.max(this.heldAtOnce, this.opened.length - this.closed);
    const read = new TextConnections(plan, this.#text(), this.clock);
    const close = read.close.bind(read);
    read.close = () => {
      this.closed++;
      close();
    };
    return read;
  }

  async *#text(): AsyncGenerator<string, void, undefined> {
    for (let first = 0; first < this.rows; first += rowsPerChunk) {
      this.atOnce = Math.max(this.atOnce, ++this.#within);
      await this.before.get(this.chunks++)?.();
      await Promise.resolve();
      this.#within--;
      this.nowMs += msPerChunk;
      yield Array.from({ length: rowsPerChunk }, (_, index) => line(first + index)).join("");
    }
  }
}

/** Connection number `number`: every tenth is a TIME_WAIT, and clients are four. */
function line(number: number): string {
  const client = (0x0a00_0000 + (number % 4)).toString(16).toUpperCase().padStart(8, "0");
  const port = (1024 + number).toString(16).toUpperCase().padStart(4, "0");
  const state = number % 10 === 0 ? "TIME_WAIT  " : "ESTABLISHED";
  return `TCP ${client} ${port} C000020A 0050 0A00010B 1F90 ${state} ${String(number).padStart(7)}\n`;
}
