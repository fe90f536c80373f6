"use client";
import * as Slot from "radix-ui/slot";
import { type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { createPortal } from "react-dom";

const opensAfterMs = 400;
/** Long enough for the pointer to reach the tooltip itself. */
const closesAfterMs = 120;
const spacePx = 6;

/**
 * More about something that can be focused: a button, a link. Nothing may stand only here. Escape hides it, the
 * pointer may move onto it. A disabled button gets no pointer: give it aria-disabled instead.
 */
export function Tooltip({ content, children }: { content: ReactNode; children: ReactNode }) {
  const id = useId();
  const [anchor, setAnchor] = useState<Element | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!content) return children;

  const show = (element: Element, afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(element), afterMs);
  };
  const hide = (afterMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAnchor(null), afterMs);
  };
  return (
    <>
      <Slot.Root
        {...(anchor ? { "aria-describedby": id } : {})}
        onPointerEnter={(event: PointerEvent) =>
          event.pointerType !== "touch" && show(event.currentTarget, opensAfterMs)
        }
        onPointerLeave={() => hide(closesAfterMs)}
        onPointerDown={() => hide(0)}
        onFocus={(event) => event.currentTarget.matches(":focus-visible") && show(event.currentTarget, 0)}
        onBlur={() => hide(0)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !anchor) return;
          event.stopPropagation();
          hide(0);
        }}
      >
        {children}
      </Slot.Root>
      {anchor && (
        <Bubble id={id} anchor={anchor} onEnter={() => clearTimeout(timer.current)} onLeave={() => hide(closesAfterMs)}>
          {content}
        </Bubble>
      )}
    </>
  );
}

interface BubbleProps {
  id: string;
  anchor: Element;
  onEnter: () => void;
  onLeave: () => void;
  children: ReactNode;
}

function Bubble({ id, anchor, onEnter, onLeave, children }: BubbleProps) {
  const place = (bubble: HTMLDivElement | null) => {
    if (!bubble) return;
    const from = anchor.getBoundingClientRect();
    const own = bubble.getBoundingClientRect();
    const above = from.top - own.height - spacePx;
    const left = from.left + from.width / 2 - own.width / 2;
    bubble.style.top = `${above >= spacePx ? above : from.bottom + spacePx}px`;
    bubble.style.left = `${Math.max(spacePx, Math.min(left, innerWidth - own.width - spacePx))}px`;
  };
  return createPortal(
    <div
      ref={place}
      id={id}
      role="tooltip"
      className="fixed top-0 left-0 z-50 max-w-xs rounded-md bg-ink px-2 py-1 text-xs text-canvas shadow-md"
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
    >
      {children}
    </div>,
    document.body,
  );
}
