import { useRef, useState } from "react";
import { rememberFocus } from "../changes/remember-focus.ts";

/** One dialog at a time, for something: what it is for, and where the focus goes when it closes. */
export interface OneDialog<Task> {
  task: Task | null;
  /** anew with every opening: a dialog's key */
  opening: number;
  open: (task: Task) => void;
  close: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

export function useOneDialog<Task>(): OneDialog<Task> {
  const [shown, setShown] = useState<{ task: Task | null; opening: number }>({ task: null, opening: 0 });
  const returnFocus = useRef<() => void>(() => {});
  return {
    ...shown,
    open: (task) => {
      returnFocus.current = rememberFocus(document);
      setShown(({ opening }) => ({ task, opening: opening + 1 }));
    },
    close: () => setShown(({ opening }) => ({ task: null, opening })),
    onCloseAutoFocus: (event) => {
      event.preventDefault();
      returnFocus.current();
    },
  };
}
