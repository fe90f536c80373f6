"use client";
import dynamic from "next/dynamic";
import { useSyncExternalStore } from "react";

const Sonner = dynamic(() => import("sonner").then((module) => module.Toaster), { ssr: false });

let wanted = false;
const listeners = new Set<() => void>();

type Kind = "success" | "error" | "message" | "warning";

/** One thing to do about what is said, such as Undo. */
export interface ToastAction {
  label: string;
  onClick: () => void;
}

interface ToastOptions {
  description?: string;
  action?: ToastAction;
  /** a second thing to do, beside the first */
  otherAction?: ToastAction;
  /** how long it stays, ms; Infinity until it is closed */
  duration?: number;
}

/** Says something in the corner. What shows it is loaded with the first one. */
export function toast(kind: Kind, text: string, { otherAction, ...options }: ToastOptions = {}): void {
  wanted = true;
  for (const listener of listeners) listener();
  const all = otherAction ? { ...options, cancel: otherAction } : options;
  void import("sonner").then((module) => module.toast[kind](text, all));
}

/** Once, at the end of the page. */
export function Toaster() {
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
    () => false,
  );
  return shown ? (
    <Sonner
      position="bottom-right"
      closeButton
      toastOptions={{
        style: { background: "var(--raised)", color: "var(--ink)", borderColor: "var(--line)" },
        actionButtonStyle: { background: "var(--ink)", color: "var(--canvas)" },
        cancelButtonStyle: { background: "var(--hover)", color: "var(--ink)" },
      }}
    />
  ) : null;
}
