import type { RowHistory } from "#domain/live";
import type { LiveStore } from "./live-store.ts";

/** Rows pass by while someone scrolls: only those that stay this long are asked about. */
const settleMs = 200;
const maxIds = 200;

/** Fills in the minute before a row came on screen, for its sparkline: one question for all that came together. */
export class PastLoader {
  readonly #store: LiveStore;
  readonly #ask: (ids: string[]) => Promise<RowHistory[]>;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(store: LiveStore, ask: (ids: string[]) => Promise<RowHistory[]>) {
    this.#store = store;
    this.#ask = ask;
  }

  /** Rows may have come on screen; cheap when none did. @param slots those on screen when the time has come */
  want(slots: () => readonly number[]): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#load(slots()), settleMs);
  }

  async #load(slots: readonly number[]): Promise<void> {
    const wanted = slots
      .flatMap((slot) => {
        const id = this.#store.row(slot)?.row.id;
        const minute = this.#store.minute(slot);
        return id !== undefined && minute?.wantsPast ? [{ id, minute }] : [];
      })
      .slice(0, maxIds);
    if (wanted.length === 0) return;
    for (const { minute } of wanted) minute.wantsPast = false;
    try {
      const histories = await this.#ask(wanted.map(({ id }) => id));
      const byId = new Map(histories.map((history) => [history.id, history]));
      for (const { id, minute } of wanted) {
        const history = byId.get(id);
        if (history) minute.fill(history);
      }
    } catch {
      // A sparkline without its past fills up by itself in a minute.
    }
  }
}
