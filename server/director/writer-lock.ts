/** One writer at a time, in the order they came. */
export class WriterLock {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` once all that came before has settled, well or not; answers what it answers. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => {});
    return mine;
  }
}
