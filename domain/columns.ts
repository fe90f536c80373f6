import { countersPerRow, gaugesPerRow, halvesOf } from "./counters.ts";

/** A table's numbers by slot: five counters, three gauges and five rates to a row, in arrays that larger ones replace as the table grows. */
export class Columns {
  counters = new BigUint64Array(0);
  gauges = new Uint32Array(0);
  /** per second; NaN is a gap */
  rates = new Float32Array(0);
  /** the counters once more, as halvesOf() shows them */
  protected halves: Uint32Array = new Uint32Array(0);

  /** Makes room for this many rows. What is there stays; new counters and gauges are 0, new rates a gap. */
  protected growColumns(rows: number): void {
    const { counters, gauges, rates } = this;
    this.counters = new BigUint64Array(rows * countersPerRow);
    this.counters.set(counters);
    this.halves = halvesOf(this.counters);
    this.gauges = new Uint32Array(rows * gaugesPerRow);
    this.gauges.set(gauges);
    this.rates = new Float32Array(rows * countersPerRow).fill(Number.NaN);
    this.rates.set(rates);
  }
}
