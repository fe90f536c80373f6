import { type Extension, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { colouredWords, type WordKind } from "./coloured-words.ts";

/** A longer line is no rule, and would only cost time. */
const longestColoured = 4096;

const marks: Record<WordKind, Decoration> = {
  comment: Decoration.mark({ class: "cm-rule-comment" }),
  before: Decoration.mark({ class: "cm-rule-before" }),
  command: Decoration.mark({ class: "cm-rule-command" }),
  option: Decoration.mark({ class: "cm-rule-option" }),
  address: Decoration.mark({ class: "cm-rule-address" }),
  value: Decoration.mark({ class: "cm-rule-value" }),
};

/** Colours for the lines on screen. A rule is one line, so nothing has to be read before them. */
export const ruleColours: Extension = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = coloured(view);
    }

    update({ docChanged, viewportChanged, view }: ViewUpdate): void {
      if (docChanged || viewportChanged) this.decorations = coloured(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function coloured({ state, visibleRanges }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let last = -1;
  for (const { from, to } of visibleRanges) {
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      if (line.from > last && line.length <= longestColoured) {
        for (const word of colouredWords(line.text)) {
          builder.add(line.from + word.from, line.from + word.to, marks[word.kind]);
        }
      }
      last = line.from;
      at = line.to + 1;
    }
  }
  return builder.finish();
}
