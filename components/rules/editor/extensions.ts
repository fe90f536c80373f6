import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { lintGutter, nextDiagnostic } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { ruleColours } from "./colours.ts";
import { editorTheme } from "./theme.ts";

/** What the editor says in its own panels and labels, in the page's language: CodeMirror's phrase → ours. */
export type Phrases = Record<string, string>;

/** What every view of rule text has, whether it may be edited or not. */
export function viewing(phrases: Phrases): Extension {
  return [
    EditorState.phrases.of(phrases),
    lineNumbers(),
    highlightSpecialChars(),
    drawSelection(),
    EditorView.lineWrapping,
    // Inside of whatever else marks the text.
    Prec.high(ruleColours),
    editorTheme,
    // A spelling checker knows none of these words, and some send them away.
    EditorView.contentAttributes.of({ spellcheck: "false", autocorrect: "off", autocapitalize: "off" }),
  ];
}

/** What an editor has beside that. Tab is not bound: it leads out of the text, as from any field. */
export function editing(): Extension {
  return [
    history(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    lintGutter(),
    search({ top: true }),
    highlightSelectionMatches(),
    keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, { key: "F8", run: nextDiagnostic }]),
  ];
}

/** Text to be read only: it takes the focus, so that it can be scrolled and copied by keyboard. */
export function reading(label: string): Extension {
  return [
    EditorState.readOnly.of(true),
    EditorView.editable.of(false),
    EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": "true", tabindex: "0" }),
    keymap.of(searchKeymap),
    search({ top: true }),
  ];
}
