import { countersPerRow } from "#domain/counters";

/**
 * Five counters to a slot, three times over, as the kernel has them (struct ip_vs_stats): `live` what packets add
 * to, what readers are shown, copied from it every 2 s, and where the last zeroing put the zero point.
 */
export class CounterStore {
  live = new Float64Array(64 * countersPerRow);
  #shown = new Float64Array(64 * countersPerRow);
  #zero = new Float64Array(64 * countersPerRow);
  readonly #free: number[] = [];
  #used = 0;

  /** A slot that counts from 0. */
  allocate(): number {
    const slot = this.#free.pop() ?? this.#used++;
    if ((slot + 1) * countersPerRow > this.live.length) {
      this.live = grown(this.live);
      this.#shown = grown(this.#shown);
      this.#zero = grown(this.#zero);
    }
    const at = slot * countersPerRow;
    for (const array of [this.live, this.#shown, this.#zero]) array.fill(0, at, at + countersPerRow);
    return slot;
  }

  release(slot: number): void {
    this.#free.push(slot);
  }

  /** What the estimator does every 2 s: readers see what was counted until now. */
  publish(): void {
    this.#shown.set(this.live);
  }

  /** Readers see 0. What was counted since the last copy still comes, as in ip_vs_zero_stats(). */
  zero(slot: number): void {
    const at = slot * countersPerRow;
    this.#zero.set(this.#shown.subarray(at, at + countersPerRow), at);
  }

  /** Writes the slot's shown counters into row `row` of 32-bit halves (halvesOf). */
  write(slot: number, halves: Uint32Array, row: number): void {
    for (let counter = 0; counter < countersPerRow; counter++) {
      const at = slot * countersPerRow + counter;
      const value = (this.#shown[at] ?? 0) - (this.#zero[at] ?? 0);
      const to = 2 * (row * countersPerRow + counter);
      halves[to] = value;
      halves[to + 1] = value / 4_294_967_296;
    }
  }
}

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2);
  larger.set(array);
  return larger;
}
