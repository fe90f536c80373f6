/** A text in the editor as it was at one moment. Each change makes a new one: the same object is the same text. */
export interface RuleDoc {
  /** UTF-16 units */
  length: number;
  lines: number;
  read: () => string;
}

/** A text as the editor keeps it: without a byte order mark, its lines ended by a line feed. */
export function docOf(text: string): RuleDoc {
  const plain = text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  let lines = 1;
  for (let at = plain.indexOf("\n"); at >= 0; at = plain.indexOf("\n", at + 1)) lines++;
  return { length: plain.length, lines, read: () => plain };
}

/** Where a text came from. */
export type Origin =
  | { kind: "table"; atMs: number }
  | { kind: "file"; name: string }
  | { kind: "revision"; id: number; side: "before" | "after" }
  | { kind: "boot" }
  | { kind: "nothing" };
