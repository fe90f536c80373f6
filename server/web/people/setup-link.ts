import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { PeopleError } from "#domain/errors";
import { setupLinkMs } from "#domain/people";

/**
 * The one-time link that makes the first admin: 32 random bytes, kept as a hash in memory and, for whoever can read
 * web's state folder, as a link in a file of mode 0600. It ends 15 minutes after it was made, or with its use.
 */
export class SetupLink {
  readonly #path: string;
  readonly #nowMs: () => number;
  #hash: Buffer | null = null;
  #endsAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param path of the file @param nowMs a clock that never jumps */
  constructor(path: string, nowMs: () => number = () => performance.now()) {
    this.#path = path;
    this.#nowMs = nowMs;
  }

  /** Makes a new link, which ends the one before. The secret is in the fragment, which browsers keep to themselves. */
  make(url: string): string {
    const token = randomBytes(32).toString("base64url");
    this.#hash = hashOf(token);
    this.#endsAtMs = this.#nowMs() + setupLinkMs;
    const link = `${url}/setup#token=${token}`;
    rmSync(this.#path, { force: true });
    writeFileSync(this.#path, `${link}\n`, { flag: "wx", mode: 0o600 });
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#removeFile(), setupLinkMs).unref();
    return link;
  }

  /** Throws SETUP_LINK_WRONG or SETUP_LINK_LATE. */
  check(token: string): void {
    if (!this.#hash || !timingSafeEqual(this.#hash, hashOf(token))) throw new PeopleError("SETUP_LINK_WRONG");
    if (this.#nowMs() >= this.#endsAtMs) throw new PeopleError("SETUP_LINK_LATE");
  }

  /** It was used, or is not needed any more. */
  end(): void {
    this.#hash = null;
    clearTimeout(this.#timer);
    this.#removeFile();
  }

  /** On a disk that takes no change any more the file stays: what it says is worth nothing by then. */
  #removeFile(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch {}
  }
}

const hashOf = (token: string) => createHash("sha256").update(token).digest();
