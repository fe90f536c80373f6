/** One writer at a time, in the order they came. */
export class WriterLock {
  #last: Promise<unknown> = Promise.resolve();

  /**
   * Runs `work` once all that came before has settled, well or not; answers what it answers.
   *
   * @param after still belongs to this turn, though the answer does not wait for it; must not reject
   */
  run<T>(work: () => Promise<T>, after?: () => Promise<void>): Promise<T> {
    const mine = this.#last.then(work);
    const settled = mine.catch(() => {});
    this.#last = after ? settled.then(after) : settled;
    return mine;
  }

  /** Settles when everybody who waits now has had their turn. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
