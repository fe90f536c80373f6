"use client";
import { setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import { EditorView, placeholder } from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import type { RuleProblem } from "#domain/rules/problem";
import type { RuleDoc } from "../rule-doc.ts";
import { editing, viewing } from "./extensions.ts";
import { marksIn } from "./marks.ts";
import { usePhrases } from "./use-phrases.ts";

export interface RuleEditorHandle {
  /** puts the cursor there, both counted from 1, and the focus into the text */
  goTo: (line: number, column: number) => void;
}

export interface Remarks {
  /** the text that they are about */
  doc: RuleDoc;
  problems: readonly RuleProblem[];
  warnings: readonly RuleProblem[];
}

export interface RuleEditorProps {
  /** filled while the editor is there. No `ref`: what loads this component has one of its own. */
  handle: Ref<RuleEditorHandle>;
  label: string;
  /** id of what says more about it */
  describedBy: string;
  /** what stands in it while it is empty */
  hint: string;
  /** the text as it is now, for an editor that is made anew */
  doc: RuleDoc;
  /** takes the place of the text as soon as it is another one than before; can be taken back like any edit */
  loaded: RuleDoc;
  /** a person changed the text */
  onEdit: (doc: RuleDoc) => void;
  remarks: Remarks | null;
  sentence: (problem: RuleProblem) => string;
}

const loading = Annotation.define<boolean>();

/** Rule text to be edited. What it holds, and what is to be said of it, is its caller's. */
export function RuleEditor({
  handle,
  label,
  describedBy,
  hint,
  doc,
  loaded,
  onEdit,
  remarks,
  sentence,
}: RuleEditorProps) {
  const parent = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const shown = useRef<RuleDoc | null>(null);
  const loadedLast = useRef(loaded);
  const latest = useRef({ doc, onEdit });
  const phrases = usePhrases();
  useEffect(() => {
    latest.current = { doc, onEdit };
  });

  useEffect(() => {
    if (!parent.current) return;
    const first = latest.current.doc;
    shown.current = first;
    const made = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: first.read(),
        extensions: [
          viewing(phrases),
          editing(),
          placeholder(hint),
          EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy, tabindex: "0" }),
          // Files that are dropped are taken by what stands around the editor.
          EditorView.domEventHandlers({ drop: hasFiles, dragover: hasFiles }),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || update.transactions.some((change) => change.annotation(loading))) return;
            const { doc: text } = update.state;
            const now = { length: text.length, lines: text.lines, read: () => text.toString() };
            shown.current = now;
            latest.current.onEdit(now);
          }),
        ],
      }),
    });
    view.current = made;
    return () => {
      view.current = null;
      shown.current = null;
      made.destroy();
    };
  }, [phrases, hint, label, describedBy]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || loadedLast.current === loaded) return;
    loadedLast.current = loaded;
    shown.current = loaded;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: loaded.read() },
      selection: { anchor: 0 },
      effects: EditorView.scrollIntoView(0),
      annotations: loading.of(true),
    });
  }, [loaded]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !remarks || remarks.doc !== shown.current) return;
    const { doc: text } = editor.state;
    const said = (problem: RuleProblem) => ({ problem, sentence: sentence(problem) });
    const marks = [
      ...marksIn(text, "error", remarks.problems.map(said)),
      ...marksIn(text, "warning", remarks.warnings.map(said)),
    ];
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [remarks, sentence]);

  useImperativeHandle(
    handle,
    () => ({
      goTo: (lineNumber, column) => {
        const editor = view.current;
        if (!editor) return;
        const line = editor.state.doc.line(Math.min(Math.max(lineNumber, 1), editor.state.doc.lines));
        const at = Math.min(line.from + column - 1, line.to);
        editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
        editor.focus();
      },
    }),
    [],
  );
  return <div ref={parent} className="h-full min-h-0 overflow-hidden" />;
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
