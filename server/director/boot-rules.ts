import { type FileHandle, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { DirectorError } from "#domain/errors";
import type { BootStatus } from "./director.ts";

/** The table to start with, as rule text in a file of the director's state folder (boot.rules). Nothing reads it by itself. */
export class BootRules {
  readonly #path: string | null;

  /** @param path null: there is no state folder, and nothing can be kept */
  constructor(path: string | null) {
    this.#path = path;
  }

  /** Whoever reads the file, and whatever happens to the host meanwhile, finds the whole old text or the whole new one. STORE_FAILED. */
  async save(text: string): Promise<BootStatus> {
    if (this.#path === null) throw storeFailed(new Error("no state folder"));
    try {
      const temporary = `${this.#path}.new`;
      await rm(temporary, { force: true });
      await synced(await open(temporary, "wx", 0o600), (file) => file.writeFile(text));
      await rename(temporary, this.#path);
      // The name is on disk once its folder is.
      await synced(await open(dirname(this.#path), "r"), async () => {});
    } catch (error) {
      throw storeFailed(error);
    }
    return this.status(text);
  }

  /** @param now the table as it is */
  async status(now: string): Promise<BootStatus> {
    const kept = await this.#read();
    if (!kept) return { savedAtMs: null, drift: null, text: null };
    return { ...kept, drift: driftBetween(kept.text, now) };
  }

  async #read(): Promise<{ savedAtMs: number; text: string } | null> {
    if (this.#path === null) return null;
    try {
      const [text, { mtimeMs }] = await Promise.all([readFile(this.#path, "utf8"), stat(this.#path)]);
      return { savedAtMs: Math.round(mtimeMs), text };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
      throw storeFailed(error);
    }
  }
}

async function synced(file: FileHandle, work: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Lines of each text that the other does not have, wherever they stand. */
export function driftBetween(kept: string, now: string): { added: number; removed: number } {
  const counts = new Map<string, number>();
  for (const line of linesOf(now)) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of linesOf(kept)) counts.set(line, (counts.get(line) ?? 0) - 1);
  let added = 0;
  let removed = 0;
  for (const count of counts.values()) {
    added += Math.max(count, 0);
    removed += Math.max(-count, 0);
  }
  return { added, removed };
}

const linesOf = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

function storeFailed(error: unknown): DirectorError {
  const detail = error instanceof Error ? error.message : String(error);
  return new DirectorError("STORE_FAILED", { params: { detail } }, error);
}
