"use client";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { reading, viewing } from "./extensions.ts";
import { usePhrases } from "./use-phrases.ts";

/** Rule text to be read. */
export function TextView({ text, label }: { text: string; label: string }) {
  const parent = useRef<HTMLDivElement>(null);
  const phrases = usePhrases();
  useEffect(() => {
    if (!parent.current) return;
    const view = new EditorView({
      doc: text,
      extensions: [viewing(phrases), reading(label)],
      parent: parent.current,
    });
    return () => view.destroy();
  }, [text, label, phrases]);
  return (
    <div
      ref={parent}
      className="h-[60dvh] overflow-hidden rounded-lg border border-line bg-surface has-[.cm-focused]:border-accent"
    />
  );
}
