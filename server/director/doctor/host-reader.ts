import { readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import { NotAFile, readBounded, TooLong } from "../host/bounded-file.ts";

/** Why something of the host could not be read. */
export type HostFaultKind = "missing" | "denied" | "too-large" | "failed";

export class HostFault extends Error {
  readonly kind: HostFaultKind;
  readonly path: string;

  constructor(kind: HostFaultKind, path: string, detail: string) {
    super(detail);
    this.name = "HostFault";
    this.kind = kind;
    this.path = path;
  }
}

/** What checks read of the host they stand on. Paths are absolute; every method rejects with HostFault. */
export interface HostReader {
  /** The whole file, bytes as latin1. `too-large` when it is longer than `maxBytes` (64 KiB). */
  text(path: string, maxBytes?: number): Promise<string>;
  /** Names in a folder, sorted. `too-large` when there are more than 100,000. */
  names(path: string): Promise<string[]>;
  /** What a symbolic link says. */
  link(path: string): Promise<string>;
  /** The number that a file or namespace has in its file system. */
  inode(path: string): Promise<number>;
}

export const usualMaxBytes = 64 * 1024;
const maxNames = 100_000;

/**
 * The host below a folder: `/`, or one made up for a test. Reads no more than it is asked to, waits for no pipe or device that has
 * a file's name, and remembers what it read: made anew for each run, so that all checks see one state.
 */
export class FolderHost implements HostReader {
  readonly #root: string;
  readonly #known = new Map<string, Promise<unknown>>();

  constructor(root = "/") {
    this.#root = root;
  }

  text(path: string, maxBytes = usualMaxBytes): Promise<string> {
    return this.#once(`text ${maxBytes} ${path}`, path, async (at) =>
      (await readBounded(at, maxBytes)).toString("latin1"),
    );
  }

  names(path: string): Promise<string[]> {
    return this.#once(`names ${path}`, path, async (at) => {
      const names = await readdir(at, { encoding: "latin1" });
      if (names.length > maxNames) throw new HostFault("too-large", path, `${names.length} names`);
      return names.sort();
    });
  }

  link(path: string): Promise<string> {
    return this.#once(`link ${path}`, path, (at) => readlink(at, "latin1"));
  }

  inode(path: string): Promise<number> {
    return this.#once(`inode ${path}`, path, async (at) => (await stat(at)).ino);
  }

  #once<T>(key: string, path: string, read: (at: string) => Promise<T>): Promise<T> {
    const known = this.#known.get(key);
    if (known) return known as Promise<T>;
    // A name that came out of a file must not lead anywhere else.
    const isPlain = path.startsWith("/") && !path.includes("\0") && !path.split("/").includes("..");
    const answer = isPlain
      ? read(join(this.#root, path)).catch((error) => Promise.reject(faultOf(error, path)))
      : Promise.reject(new HostFault("failed", path, "not a plain path"));
    this.#known.set(key, answer);
    return answer;
  }
}

function faultOf(error: unknown, path: string): HostFault {
  if (error instanceof HostFault) return error;
  if (error instanceof TooLong) return new HostFault("too-large", path, error.message);
  if (error instanceof NotAFile) return new HostFault("failed", path, error.message);
  const { code = "", message = String(error) } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR" || code === "ESRCH") return new HostFault("missing", path, code);
  if (code === "EACCES" || code === "EPERM") return new HostFault("denied", path, code);
  return new HostFault("failed", path, code === "" ? message : code);
}
