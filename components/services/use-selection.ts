"use client";
import { parseAsArrayOf, parseAsString, useQueryState } from "nuqs";
import { useCallback, useRef } from "react";

const parser = parseAsArrayOf(parseAsString).withDefault([]);
/** The server takes no more followed rows, and a link with more is refused by some. */
export const maxSelected = 200;

export interface Selection {
  ids: ReadonlySet<string>;
  /**
   * One row, or, `ranged`, all from the row that was clicked before to this one.
   * @param between ids from one row to the other as the list stands now, both included; null when one is out of sight
   */
  toggle: (id: string, ranged: boolean, between: (from: string, to: string) => string[] | null) => void;
  clear: () => void;
  /** no more can be selected */
  full: boolean;
}

/** Rows chosen for doing something with them all, in the URL. */
export function useSelection(): Selection {
  const [selected, setSelected] = useQueryState("sel", parser);
  const last = useRef<string | null>(null);
  const cache = useRef<{ list: readonly string[]; set: ReadonlySet<string> }>({ list: [], set: new Set() });
  if (cache.current.list !== selected) cache.current = { list: selected, set: new Set(selected.slice(0, maxSelected)) };

  const toggle = useCallback<Selection["toggle"]>(
    (id, ranged, between) => {
      const range = ranged && last.current !== null ? between(last.current, id) : null;
      last.current = id;
      void setSelected((now) => {
        const ids = new Set(now);
        const choose = !ids.has(id);
        for (const one of range ?? [id]) {
          if (choose) ids.add(one);
          else ids.delete(one);
        }
        return ids.size === 0 ? null : [...ids].slice(0, maxSelected);
      });
    },
    [setSelected],
  );
  const clear = useCallback(() => {
    last.current = null;
    void setSelected(null);
  }, [setSelected]);
  return { ids: cache.current.set, toggle, clear, full: cache.current.set.size >= maxSelected };
}
