import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, type Stats, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Kysely } from "kysely";
import type { Logger } from "pino";
import { CodedError, PeopleError } from "#domain/errors";
import { openWebDatabase, type WebTables } from "../../store/web-store.ts";
import { type Auth, createAuth } from "./auth.ts";

export interface OpenDatabase {
  database: Kysely<WebTables>;
  auth: Auth;
}

/** A file that fails is opened anew at most this often. */
const retryMs = 2000;

/**
 * web.sqlite and better-auth over it, opened when first used. Whatever the file or the disk refuses becomes
 * PEOPLE_STORE_FAILED with what it said; a file that was mended, or put in the place of the former one, is used without
 * a restart. One that was open and is gone is not made anew: an empty one would let whoever comes first be the admin.
 */
export class PeopleDatabase {
  readonly folder: string;
  readonly #path: string;
  readonly #secure: boolean;
  readonly #log: Pick<Logger, "error" | "info">;
  #open: Promise<OpenDatabase> | null = null;
  /** the file that is open */
  #file: Pick<Stats, "dev" | "ino"> | null = null;
  #wasOpen = false;
  #openedAtMs = Number.NEGATIVE_INFINITY;
  #failing = false;

  /** @param folder web's own state folder, made when it is missing */
  constructor(folder: string, secure: boolean, log: Pick<Logger, "error" | "info">) {
    this.folder = folder;
    this.#path = join(folder, "web.sqlite");
    this.#secure = secure;
    this.#log = log;
  }

  /** Runs `work` on the open database. Refusals with a code pass through; all else is the file's failure. */
  async use<T>(work: (open: OpenDatabase) => Promise<T>): Promise<T> {
    try {
      const result = await work(await this.#opened());
      if (this.#failing) this.#log.info("the file of users and sessions can be used again");
      this.#failing = false;
      return result;
    } catch (error) {
      if (error instanceof CodedError) throw error;
      // Said once, not with every request that meets it.
      if (!this.#failing)
        this.#log.error({ err: error, folder: this.folder }, "the file of users and sessions cannot be used");
      this.#failing = true;
      const detail = error instanceof Error ? error.message : String(error);
      throw new PeopleError("PEOPLE_STORE_FAILED", { params: { detail } }, error);
    }
  }

  async close(): Promise<void> {
    const open = await this.#open?.catch(() => null);
    await open?.database.destroy();
  }

  #opened(): Promise<OpenDatabase> {
    if (this.#isAnother() || (this.#failing && performance.now() - this.#openedAtMs >= retryMs)) {
      void this.close();
      this.#open = null;
      this.#file = null;
    }
    this.#open ??= this.#begin();
    return this.#open;
  }

  /** Is there another file now under the name of the one that is open? Throws when there is none. */
  #isAnother(): boolean {
    if (!this.#file) return false;
    const { dev, ino } = statSync(this.#path);
    return ino !== this.#file.ino || dev !== this.#file.dev;
  }

  async #begin(): Promise<OpenDatabase> {
    this.#openedAtMs = performance.now();
    let database: Kysely<WebTables> | undefined;
    try {
      if (this.#wasOpen) statSync(this.#path);
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const secret = readSecret(join(this.folder, "secret"));
      database = await openWebDatabase(this.#path);
      const auth = await createAuth(database, { secret, secure: this.#secure });
      this.#file = statSync(this.#path);
      this.#wasOpen = true;
      return { database, auth };
    } catch (error) {
      await database?.destroy();
      throw error;
    }
  }
}

/** The key that signs cookies, 32 random bytes made on first use; whoever loses the file logs everybody out. */
function readSecret(path: string): string {
  try {
    writeFileSync(path, randomBytes(32).toString("hex"), { flag: "wx", mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const secret = readFileSync(path, "utf8");
  if (secret.length < 64) throw new Error(`${path} is damaged: it should hold 64 hexadecimal digits; remove it`);
  return secret;
}
