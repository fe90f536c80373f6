"use client";
import * as Slot from "radix-ui/slot";
import { type ReactElement, type ReactNode, Suspense, useState } from "react";

export interface LazyMenuProps {
  /** the button; the menu shows one like it */
  trigger: ReactElement;
  /** an element of a React.lazy() component: a Menu with `startsOpen` and the same button */
  menu: ReactNode;
}

/** A button whose menu is loaded when it is first wanted, and made only then: what floats weighs more than a page. */
export function LazyMenu({ trigger, menu }: LazyMenuProps) {
  const [wanted, setWanted] = useState(false);
  if (wanted) return <Suspense fallback={trigger}>{menu}</Suspense>;
  return (
    <Slot.Root aria-haspopup="menu" aria-expanded={false} onClick={() => setWanted(true)}>
      {trigger}
    </Slot.Root>
  );
}
