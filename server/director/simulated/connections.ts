import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { ConnectionSource, OpenRead, ReadPlan } from "../connection-source.ts";
import { type TextChunks, TextConnections } from "../text-connections.ts";
import { type ConnectionGround, connectionLines } from "./connection-lines.ts";

/** As much as a kernel hands out in one go, so that nothing else waits long. */
const rowsPerChunk = 500;
const titles = "Pro FromIP   FPrt ToIP     TPrt DestIP   DPrt State       Expires PEName PEData\n";

/** The connections of a simulated table, read as text like the kernel's. */
export class SimulatedConnections implements ConnectionSource {
  readonly #ground: ConnectionGround;
  readonly #catchUp: () => number;
  readonly #rowsPerSecond: number | null;

  /**
   * @param catchUp brings the table up to its clock and answers that; throws IpvsFault where the kernel would refuse
   * @param rowsPerSecond no faster than this, like a kernel up to 6.12 with a large table; null as fast as it goes
   */
  constructor(ground: ConnectionGround, catchUp: () => number, rowsPerSecond: number | null = null) {
    this.#ground = ground;
    this.#catchUp = catchUp;
    this.#rowsPerSecond = rowsPerSecond;
  }

  async open(plan: ReadPlan): Promise<OpenRead> {
    const atMs = this.#catchUp();
    const lines = connectionLines(this.#ground, atMs, plan.filter.origin !== undefined);
    return new TextConnections(plan, this.#chunks(lines));
  }

  async *#chunks(lines: Iterator<string>): TextChunks & AsyncGenerator<string, void, undefined> {
    const rows =
      this.#rowsPerSecond === null ? rowsPerChunk : Math.min(rowsPerChunk, Math.ceil(this.#rowsPerSecond / 20));
    let text = titles;
    for (let count = 0; ; ) {
      const { done, value } = lines.next();
      if (!done) text += `${value}\n`;
      if (!done && ++count < rows) continue;
      yield text;
      if (done) return;
      text = "";
      if (this.#rowsPerSecond !== null) await pause((1000 * count) / this.#rowsPerSecond);
      else await turn();
      count = 0;
    }
  }
}
