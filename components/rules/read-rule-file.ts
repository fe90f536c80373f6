import { maxTextBytes } from "#domain/rules/lines";

/** Why a file is not taken: longer than rule text may be, no text, or not to be read. */
export type FileRefusal = "fileTooLong" | "fileBinary" | "fileUnreadable";

/** The text of a file that someone chose or dropped, or why there is none. A file that is too long is not read at all. */
export async function readRuleFile(
  file: Pick<File, "size" | "arrayBuffer">,
): Promise<{ text: string } | { refusal: FileRefusal }> {
  if (file.size > maxTextBytes) return { refusal: "fileTooLong" };
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await file.arrayBuffer());
  } catch {
    return { refusal: "fileUnreadable" };
  }
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    return text.includes("\0") ? { refusal: "fileBinary" } : { text };
  } catch {
    return { refusal: "fileBinary" };
  }
}

/** Some editors write UTF-16, and say so with a byte order mark. */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
