import { randomUUID } from "node:crypto";
import type { Kysely, Transaction } from "kysely";
import { PeopleError } from "#domain/errors";
import type { Role } from "#domain/people";
import type { WebTables } from "../../store/web-store.ts";

export interface NewUser {
  name: string;
  role: Role;
  /** as passwords.ts makes it */
  hash: string;
}

/**
 * Keeps a user with their password and closes set-up, all or nothing: a process that is killed on the way leaves neither
 * a user without a password nor a console whose set-up is over and that nobody can enter. Throws USER_EXISTS.
 *
 * @param first only when nobody was ever made; else SETUP_OVER
 */
export function keepNewUser(database: Kysely<WebTables>, user: NewUser, { first }: { first: boolean }): Promise<void> {
  return database.transaction().execute(async (transaction) => {
    // A write comes first: two processes that read first and write then would both be told to try again.
    const { numInsertedOrUpdatedRows: opened } = await transaction
      .insertInto("set_up")
      .values({ id: 1, at: Date.now() })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (first && opened === 0n) throw new PeopleError("SETUP_OVER");
    await insert(transaction, user);
  });
}

/** In the tables that better-auth reads. */
async function insert(transaction: Transaction<WebTables>, { name, role, hash }: NewUser): Promise<void> {
  const id = randomUUID();
  const now = new Date().toISOString();
  // better-auth wants an address for mail; none is ever sent, and .invalid can have none (RFC 2606).
  const mail = { email: `${name}@people.invalid`, emailVerified: 1, image: null };
  const names = { name, username: name, displayUsername: name };
  const { numInsertedOrUpdatedRows: inserted } = await transaction
    .insertInto("user")
    .values({ id, ...names, ...mail, role, disabled: 0, loggedInAt: null, createdAt: now, updatedAt: now })
    .onConflict((conflict) => conflict.column("username").doNothing())
    .executeTakeFirstOrThrow();
  if (inserted === 0n) throw new PeopleError("USER_EXISTS", { params: { name }, field: "name" });
  await transaction
    .insertInto("account")
    .values({
      id: randomUUID(),
      accountId: id,
      providerId: "credential",
      userId: id,
      password: hash,
      createdAt: now,
      updatedAt: now,
    })
    .execute();
}
