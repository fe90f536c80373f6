import { createHash, randomBytes, randomUUID } from "node:crypto";
import { PeopleError } from "#domain/errors";
import type { Role, TokenRow } from "#domain/people";
import type { Actor, Doer } from "./actor.ts";
import type { Audit } from "./audit.ts";
import type { PeopleDatabase } from "./database.ts";

/** So that a token in a log or a repository is known for what it is. */
const prefix = "ipvsc_";
const usedEveryMs = 60_000;

/** Bearer tokens for programs. They belong to the console, not to a person: who leaves does not stop the scrapes. */
export class Tokens {
  readonly #database: PeopleDatabase;
  readonly #audit: Audit;
  readonly #nowMs: () => number;

  constructor(database: PeopleDatabase, audit: Audit, nowMs: () => number = Date.now) {
    this.#database = database;
    this.#audit = audit;
    this.#nowMs = nowMs;
  }

  list(): Promise<TokenRow[]> {
    return this.#database.use(async ({ database }) => {
      const rows = await database.selectFrom("api_token").selectAll().orderBy("name").execute();
      return rows.map((row) => ({
        id: row.id,
        name: row.name,
        role: row.role as Role,
        createdAtMs: row.created_at,
        createdBy: row.created_by,
        usedAtMs: row.used_at,
        usedFrom: row.used_from,
        endsAtMs: row.ends_at,
      }));
    });
  }

  /** Makes a token and answers it: the only time it can be read. Throws TOKEN_EXISTS. */
  async add(
    { name, role, days }: { name: string; role: Role; days: number | null },
    doer: Doer,
  ): Promise<{ row: TokenRow; token: string }> {
    const token = prefix + randomBytes(32).toString("base64url");
    const row: TokenRow = {
      id: randomUUID(),
      name,
      role,
      createdAtMs: this.#nowMs(),
      createdBy: doer.name,
      usedAtMs: null,
      usedFrom: null,
      endsAtMs: days === null ? null : this.#nowMs() + days * 86_400_000,
    };
    await this.#database.use(async ({ database }) => {
      const { numInsertedOrUpdatedRows } = await database
        .insertInto("api_token")
        .values({
          id: row.id,
          name,
          role,
          hash: hashOf(token),
          created_at: row.createdAtMs,
          created_by: row.createdBy,
          used_at: null,
          used_from: null,
          ends_at: row.endsAtMs,
        })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows === 0n) throw new PeopleError("TOKEN_EXISTS", { params: { name }, field: "name" });
    });
    await this.#audit.write({ doer, action: "token-add", target: name, after: { role, endsAtMs: row.endsAtMs } });
    return { row, token };
  }

  /** @param which an id or a name. Throws NO_SUCH_TOKEN. */
  async revoke(which: string, doer: Doer): Promise<void> {
    const row = await this.#database.use(async ({ database }) => {
      const found = await database
        .selectFrom("api_token")
        .selectAll()
        .where((eb) => eb.or([eb("id", "=", which), eb("name", "=", which)]))
        .executeTakeFirst();
      if (!found) throw new PeopleError("NO_SUCH_TOKEN", { params: { name: which } });
      await database.deleteFrom("api_token").where("id", "=", found.id).execute();
      return found;
    });
    await this.#audit.write({ doer, action: "token-revoke", target: row.name, before: { role: row.role } });
  }

  /** The program that holds this token, or null for one that is unknown, revoked or past its end. */
  who(token: string, from: string): Promise<Actor | null> {
    if (!token.startsWith(prefix) || token.length > 100) return Promise.resolve(null);
    return this.#database.use(async ({ database }) => {
      const row = await database
        .selectFrom("api_token")
        .selectAll()
        .where("hash", "=", hashOf(token))
        .executeTakeFirst();
      const now = this.#nowMs();
      if (!row || (row.ends_at !== null && row.ends_at <= now)) return null;
      if (row.used_from !== from || now - (row.used_at ?? 0) >= usedEveryMs) {
        const used = { used_at: now, used_from: from };
        // Reading still works on a full disk, and is worth more than when it was last done.
        await database
          .updateTable("api_token")
          .set(used)
          .where("id", "=", row.id)
          .execute()
          .catch(() => {});
      }
      return { kind: "token", name: row.name, role: row.role as Role, tokenId: row.id };
    });
  }
}

const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");
