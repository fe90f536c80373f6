import { type RefObject, useEffect, useState } from "react";
import { useLive } from "#components/live/live-provider";
import type { SortColumn } from "#domain/list-query";
import type { ListWindow } from "#domain/live";
import { useShown } from "../live/use-live.ts";

/** Sorted by one of these, rows stay where they are by themselves. */
const still: readonly SortColumn[] = ["name", "scheduler"];

/** While the pointer or the focus is in the list, rows that are sorted by a moving number keep their places. */
export function useHeldOrder(body: RefObject<HTMLElement | null>, sort: SortColumn, window: ListWindow | null): void {
  const { store } = useLive();
  const [held, setHeld] = useState(false);
  const moves = !still.includes(sort);
  useEffect(() => {
    const element = body.current;
    if (!element || !moves) return;
    let pointed = false;
    const tell = () => {
      const holds = pointed || element.contains(document.activeElement);
      setHeld(holds);
      store.holdOrder(holds);
    };
    const onPointer = (event: PointerEvent) => {
      pointed = event.type === "pointerenter";
      tell();
    };
    // The focus is where it goes to only after the event that says it leaves.
    const onFocus = () => queueMicrotask(tell);
    element.addEventListener("pointerenter", onPointer);
    element.addEventListener("pointerleave", onPointer);
    element.addEventListener("focusin", onFocus);
    element.addEventListener("focusout", onFocus);
    return () => {
      element.removeEventListener("pointerenter", onPointer);
      element.removeEventListener("pointerleave", onPointer);
      element.removeEventListener("focusin", onFocus);
      element.removeEventListener("focusout", onFocus);
      setHeld(false);
      store.holdOrder(false);
    };
  }, [body, store, moves]);
  const ids = held && window ? window.slots.flatMap((slot) => store.row(slot)?.row.id ?? []) : [];
  useShown({ follow: ids });
}
