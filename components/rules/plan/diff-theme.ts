import { EditorView } from "@codemirror/view";

/** What went and what came, in the page's colours; bars in the gutter and lines under words say it without them too. */
export const diffTheme = EditorView.theme({
  "&": { height: "auto" },
  "&.cm-merge-a .cm-changedLine, .cm-deletedChunk": { backgroundColor: "var(--failed-soft)" },
  "&.cm-merge-b .cm-changedLine, &.cm-merge-b .cm-insertedLine": { backgroundColor: "var(--up-soft)" },
  "&.cm-merge-a .cm-changedText, .cm-deletedChunk .cm-deletedText": {
    background: "none",
    textDecoration: "underline 2px var(--failed)",
    textUnderlineOffset: "3px",
  },
  "&.cm-merge-b .cm-changedText": {
    background: "none",
    textDecoration: "underline 2px var(--up)",
    textUnderlineOffset: "3px",
  },
  // All of a line that came or went is no part of a line that is otherwise: its ground says enough.
  ".cm-insertedLine > .cm-changedText:only-child, .cm-deletedLine > .cm-changedText:only-child": {
    textDecoration: "none !important",
  },
  "&.cm-merge-a .cm-changedLineGutter, .cm-deletedLineGutter": { background: "var(--failed)" },
  "&.cm-merge-b .cm-changedLineGutter": { background: "var(--up)" },
  ".cm-collapsedLines": {
    background: "var(--sunken)",
    color: "var(--muted)",
    fontFamily: "var(--font-sans)",
    fontSize: "12px",
    paddingBlock: "2px",
  },
});
