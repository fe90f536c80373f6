"use client";
import { Change, MergeView, presentableDiff, unifiedMergeView } from "@codemirror/merge";
import { EditorView } from "@codemirror/view";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { CheckboxField } from "#components/ui/checkbox";
import { reading, viewing } from "../editor/extensions.ts";
import { usePhrases } from "../editor/use-phrases.ts";
import { diffTheme } from "./diff-theme.ts";
import { diffLines, type Stretch } from "./line-diff.ts";

export interface DiffViewProps {
  before: string;
  after: string;
  beforeLabel: string;
  afterLabel: string;
}

const wide = "(min-width: 64rem)";

/** Two texts of rules: side by side where there is room, else one in the other. What is the same is folded. */
export function DiffView({ before, after, beforeLabel, afterLabel }: DiffViewProps) {
  const t = useTranslations("rulesPage.diff");
  const parent = useRef<HTMLDivElement>(null);
  const phrases = usePhrases();
  const [whole, setWhole] = useState(false);
  const sideBySide = useSyncExternalStore(
    onWidth,
    () => matchMedia(wide).matches,
    () => true,
  );
  useEffect(() => {
    if (!parent.current) return;
    const common = {
      gutter: true,
      diffConfig: { override: stretches },
      ...(whole ? {} : { collapseUnchanged: { margin: 3, minSize: 6 } }),
    };
    const shared = [viewing(phrases), diffTheme];
    const made = sideBySide
      ? new MergeView({
          ...common,
          a: { doc: shown(before), extensions: [shared, reading(beforeLabel)] },
          b: { doc: shown(after), extensions: [shared, reading(afterLabel)] },
          parent: parent.current,
        })
      : new EditorView({
          doc: shown(after),
          extensions: [
            shared,
            reading(t("inOne", { before: beforeLabel, after: afterLabel })),
            unifiedMergeView({ ...common, original: shown(before), mergeControls: false, highlightChanges: false }),
          ],
          parent: parent.current,
        });
    return () => made.destroy();
  }, [before, after, beforeLabel, afterLabel, sideBySide, whole, phrases, t]);
  return (
    <div className="flex flex-col gap-2">
      <div className="overflow-hidden rounded-lg border border-line bg-surface has-[.cm-focused]:border-accent">
        {sideBySide && (
          <div className="grid grid-cols-2 border-b border-line text-xs font-medium text-muted" aria-hidden="true">
            <p className="px-3 py-1.5">{beforeLabel}</p>
            <p className="border-l border-line px-3 py-1.5">{afterLabel}</p>
          </div>
        )}
        <div ref={parent} className="max-h-[70dvh] overflow-auto" />
      </div>
      <CheckboxField label={t("whole")} checked={whole} onChange={(event) => setWhole(event.target.checked)} />
    </div>
  );
}

function onWidth(listener: () => void): () => void {
  const query = matchMedia(wide);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** Whole lines, so that a table of any size is compared in no time; within a row that was edited, its letters. */
function stretches(a: string, b: string): Change[] {
  return diffLines(a, b).flatMap(({ fromA, toA, fromB, toB, edited }: Stretch) => {
    if (!edited) return [new Change(fromA, toA, fromB, toB)];
    return presentableDiff(a.slice(fromA, toA), b.slice(fromB, toB)).map(
      (part) => new Change(part.fromA + fromA, part.toA + fromA, part.fromB + fromB, part.toB + fromB),
    );
  });
}

/** Without its last line end, behind which a viewer would show one line more. */
function shown(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
