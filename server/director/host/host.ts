import { readdir, stat, writeFile } from "node:fs/promises";
import { networkInterfaces, release } from "node:os";
import { join } from "node:path";
import { readBounded } from "./bounded-file.ts";

/**
 * What a director reads of the host around IPVS, and the few files that it writes: paths start at the host's root. Rejects
 * as node:fs does, and for a file that is none or far too long. Two kinds: the files themselves (RootHost) and made-up ones (simulated/host-files.ts).
 */
export interface Host {
  read(path: string): Promise<string>;
  /** The names in a folder. */
  list(path: string): Promise<string[]>;
  /** The permission bits of a file. */
  mode(path: string): Promise<number>;
  /** Writes a file that is there, in one piece, as the kernel's own files want it. */
  write(path: string, text: string): Promise<void>;
  /** Addresses with their prefix lengths, by interface; of those that run. */
  addresses(): Record<string, string[]>;
  /** Do files of sysctl.d(5) set up this network namespace when the host starts? They do so for the first one alone. */
  readonly hasBootFiles: boolean;
  /** uname -r: which of the folders of /lib/modules is this kernel's */
  release(): string;
}

export interface RootHostOptions {
  addresses?: () => Record<string, string[]>;
  ofNamespace?: boolean;
}

/** A kernel's modules.dep, the longest that is read, is about 1 MiB. */
const maxBytes = 8 * 1024 * 1024;

/** The host that this process runs on, below `root`. */
export class RootHost implements Host {
  readonly #root: string;
  readonly #addresses: () => Record<string, string[]>;

  readonly hasBootFiles: boolean;

  /** @param options ofNamespace: in another network namespace than the host's first one */
  constructor(root = "/", { addresses = ownAddresses, ofNamespace = false }: RootHostOptions = {}) {
    this.#root = root;
    this.#addresses = addresses;
    this.hasBootFiles = !ofNamespace;
  }

  async read(path: string): Promise<string> {
    return (await readBounded(join(this.#root, path), maxBytes)).toString("utf8");
  }

  list(path: string): Promise<string[]> {
    return readdir(join(this.#root, path));
  }

  async mode(path: string): Promise<number> {
    return (await stat(join(this.#root, path))).mode & 0o777;
  }

  write(path: string, text: string): Promise<void> {
    // Never made anew: a name that the kernel does not have is no file of ours.
    return writeFile(join(this.#root, path), text, { flag: "r+" });
  }

  addresses(): Record<string, string[]> {
    return this.#addresses();
  }

  release(): string {
    return release();
  }
}

function ownAddresses(): Record<string, string[]> {
  const found = Object.entries(networkInterfaces());
  return Object.fromEntries(found.map(([name, all = []]) => [name, all.flatMap(({ cidr }) => cidr ?? [])]));
}

/** Whether a file or folder is not there. */
export function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === "ENOENT" || code === "ENOTDIR";
}
