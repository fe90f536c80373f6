/** Who wants to know about which things. Keys are made up by the caller; a key nobody listens to costs nothing. */
export class Listeners<Key> {
  readonly #byKey = new Map<Key, Set<() => void>>();

  add(key: Key, listener: () => void): () => void {
    const listeners = this.#byKey.get(key) ?? new Set();
    this.#byKey.set(key, listeners);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#byKey.get(key) === listeners) this.#byKey.delete(key);
    };
  }

  tell(key: Key): void {
    for (const listener of [...(this.#byKey.get(key) ?? [])]) listener();
  }

  has(key: Key): boolean {
    return this.#byKey.has(key);
  }
}
