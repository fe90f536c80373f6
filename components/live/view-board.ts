import { longestRowId, maxFollowedRows } from "#domain/list-query";
import type { ListQuery, View } from "#domain/live";

/** What one part of the page shows. */
export interface ViewPart {
  list?: ListQuery;
  follow?: readonly string[];
  counters?: boolean;
  totals?: boolean;
}

/** Parts of a page each say what they show; the tab's view is all of it. With several lists the last one counts. */
export class ViewBoard {
  readonly #parts = new Map<symbol, ViewPart>();
  readonly #onView: (view: View) => void;
  #scheduled = false;
  #shown = "";

  constructor(onView: (view: View) => void) {
    this.#onView = onView;
  }

  put(key: symbol, part: ViewPart): void {
    this.#parts.set(key, part);
    this.#schedule();
  }

  remove(key: symbol): void {
    this.#parts.delete(key);
    this.#schedule();
  }

  /** Once for all parts that change in one render. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      const view = this.#view();
      const text = JSON.stringify(view);
      if (text === this.#shown) return;
      this.#shown = text;
      this.#onView(view);
    });
  }

  #view(): View {
    const parts = [...this.#parts.values()];
    // A name out of a link may be anything: one that no row can have would have the whole view refused.
    const named = parts.flatMap((part) => part.follow ?? []).filter((id) => id.length <= longestRowId);
    const follow = [...new Set(named)];
    return {
      list: parts.findLast((part) => part.list)?.list ?? null,
      follow: follow.slice(0, maxFollowedRows),
      counters: parts.some((part) => part.counters === true),
      totals: parts.some((part) => part.totals === true),
    };
  }
}
