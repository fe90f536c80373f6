import { HostFault, type HostReader, usualMaxBytes } from "./host-reader.ts";

/** A host of a few files that exist nowhere. */
export class MadeUpHost implements HostReader {
  readonly #files: Readonly<Record<string, string>>;

  /** @param files by their absolute paths; folders are where files are, and a link is a file that begins with `-> ` */
  constructor(files: Readonly<Record<string, string>>) {
    this.#files = files;
  }

  async text(path: string, maxBytes = usualMaxBytes): Promise<string> {
    const text = this.#file(path);
    if (text.length > maxBytes) throw new HostFault("too-large", path, `more than ${maxBytes} bytes`);
    return text;
  }

  async names(path: string): Promise<string[]> {
    const folder = path === "/" ? "/" : `${path}/`;
    const below = Object.keys(this.#files).filter((each) => each.startsWith(folder));
    if (below.length === 0) throw missing(path);
    return [...new Set(below.map((each) => each.slice(folder.length).split("/")[0] ?? ""))].sort();
  }

  async link(path: string): Promise<string> {
    const text = this.#file(path);
    if (!text.startsWith("-> ")) throw new HostFault("failed", path, "EINVAL");
    return text.slice(3);
  }

  async inode(path: string): Promise<number> {
    this.#file(path);
    return Object.keys(this.#files).indexOf(path);
  }

  #file(path: string): string {
    const text = Object.hasOwn(this.#files, path) ? this.#files[path] : undefined;
    if (text === undefined) throw missing(path);
    return text;
  }
}

const missing = (path: string) => new HostFault("missing", path, "ENOENT");
