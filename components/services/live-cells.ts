import { type RefObject, useLayoutEffect, useMemo } from "react";
import { useLive } from "#components/live/live-provider";
import type { RowValues } from "#domain/live";
import { countText, exactText } from "#domain/units";
import type { LiveStore } from "../live/live-store.ts";
import { useDescribed } from "../live/use-live.ts";
import { type Units, useUnits } from "../units/use-units.ts";
import { type ColumnId, type LiveValue, metaOf } from "./columns.ts";

/** Puts a cell's column where bindCells() finds it. */
export const liveAttribute = "data-live";

/** Numbers of one row as text: short for the cell, exact for its title. */
export interface CellTexts {
  short: (live: LiveValue, source: CellSource) => string;
  exact: (live: LiveValue, source: CellSource) => string;
}

export interface CellSource {
  values: RowValues | null;
  counters: readonly string[] | null;
  /** of the service that a server belongs to */
  whole: RowValues | null;
}

const gap = "–";

function share({ values, whole }: CellSource): number | null {
  const part = values?.[1] ?? null;
  const all = whole?.[1] ?? null;
  return part === null || all === null || all <= 0 ? null : Math.min(1, part / all);
}

export function cellTexts(units: Units): CellTexts {
  return {
    short(live, source) {
      if (live.from === "share") {
        const part = share(source);
        return part === null ? gap : `${Math.round(part * 100)} %`;
      }
      if (live.from === "counters") {
        const count = source.counters?.[live.index];
        return count === undefined ? gap : exactText(count);
      }
      const value = (source.values?.[live.index] as number | null | undefined) ?? null;
      return live.quantity === "connections" && value !== null ? countText(value) : units.short(value, live.quantity);
    },
    exact(live, source) {
      if (live.from === "share") {
        const part = share(source);
        return part === null ? gap : `${(part * 100).toFixed(2)} %`;
      }
      if (live.from === "counters") return source.counters?.[live.index] ?? gap;
      return units.exact((source.values?.[live.index] as number | null | undefined) ?? null, live.quantity);
    },
  };
}

/**
 * Writes the row's numbers into its cells, now and whenever they move, without rendering: with a screenful of
 * rows that move every second, rendering each would cost more than everything else together.
 *
 * @returns ends it
 */
export function bindCells(
  row: HTMLElement,
  store: LiveStore,
  slot: number,
  parentId: string | null,
  texts: CellTexts,
): () => void {
  const cells = Array.from(row.querySelectorAll<HTMLElement>(`[${liveAttribute}]`), (node) => ({
    node,
    live: metaOf(node.getAttribute(liveAttribute) as ColumnId).live,
    text: "",
  }));
  const sourceNow = (): CellSource => {
    const parent = parentId === null ? null : store.slotOf(parentId);
    return {
      values: store.values(slot),
      counters: store.counters(slot),
      whole: parent === null ? null : store.values(parent),
    };
  };
  const write = (only: "all" | "share") => {
    const source = sourceNow();
    for (const cell of cells) {
      if (!cell.live || (only === "share" && cell.live.from !== "share")) continue;
      const text = texts.short(cell.live, source);
      if (text === cell.text) continue;
      cell.text = text;
      cell.node.textContent = text;
    }
  };
  const onHover = (event: Event) => {
    const node = (event.target as Element).closest<HTMLElement>(`[${liveAttribute}]`);
    const live = node && metaOf(node.getAttribute(liveAttribute) as ColumnId).live;
    if (node && live) node.title = texts.exact(live, sourceNow());
  };
  write("all");
  row.addEventListener("pointerover", onHover);
  const ends = [store.onRow(slot, () => write("all"))];
  // A share moves with its service's numbers as well.
  if (cells.some(({ live }) => live?.from === "share")) ends.push(store.on("sample", () => write("share")));
  return () => {
    row.removeEventListener("pointerover", onHover);
    for (const end of ends) end();
  };
}

/** How numbers are written in the page's language and unit. */
export function useCellTexts(): CellTexts {
  const units = useUnits();
  return useMemo(() => cellTexts(units), [units]);
}

/** bindCells() for a row of React's. `columns`: bound anew when other cells are shown. */
export function useLiveCells(
  ref: RefObject<HTMLElement | null>,
  slot: number,
  parentId: string | null,
  texts: CellTexts,
  columns: readonly ColumnId[],
): void {
  const { store } = useLive();
  const known = useDescribed(slot) !== null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other columns are other cells
  useLayoutEffect(
    () => (ref.current && known ? bindCells(ref.current, store, slot, parentId, texts) : undefined),
    [ref, store, slot, parentId, texts, columns, known],
  );
}
