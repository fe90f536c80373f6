import { PeopleError } from "#domain/errors";
import { idleMs, type Role, type SessionEnd, type UserRow } from "#domain/people";
import type { Doer } from "./actor.ts";
import type { Audit } from "./audit.ts";
import type { PeopleDatabase } from "./database.ts";
import { keepNewUser } from "./new-user.ts";
import { hashPassword } from "./passwords.ts";
import type { Sessions } from "./sessions.ts";

export interface NewUser {
  name: string;
  role: Role;
  password: string;
}

/** The people who may log in. Every change is audited; one that takes rights away ends the sessions that had them. */
export class Users {
  readonly #database: PeopleDatabase;
  readonly #sessions: Pick<Sessions, "endAll" | "recheck">;
  readonly #audit: Audit;
  readonly #nowMs: () => number;

  constructor(
    database: PeopleDatabase,
    sessions: Pick<Sessions, "endAll" | "recheck">,
    audit: Audit,
    nowMs: () => number = Date.now,
  ) {
    this.#database = database;
    this.#sessions = sessions;
    this.#audit = audit;
    this.#nowMs = nowMs;
  }

  /** Whether somebody was ever made: until then the set-up link is the way in. */
  exist(): Promise<boolean> {
    return this.#database.use(async ({ database }) => {
      const claimed = await database.selectFrom("set_up").select("id").executeTakeFirst();
      return claimed !== undefined;
    });
  }

  list(): Promise<UserRow[]> {
    return this.#database.use(async ({ database }) => {
      const rows = await database
        .selectFrom("user")
        .select(["user.id", "username", "role", "disabled", "user.createdAt", "loggedInAt"])
        .select((eb) =>
          eb
            .selectFrom("session")
            .whereRef("session.userId", "=", "user.id")
            .where("expiresAt", ">", new Date(this.#nowMs()).toISOString())
            .where("activeAt", ">", this.#nowMs() - idleMs)
            .select((count) => count.fn.countAll<number>().as("sessions"))
            .as("sessions"),
        )
        .orderBy("username")
        .execute();
      return rows.map((row) => ({
        id: row.id,
        name: row.username,
        role: row.role as Role,
        disabled: row.disabled !== 0,
        createdAtMs: Date.parse(row.createdAt),
        loggedInAtMs: row.loggedInAt,
        sessions: row.sessions ?? 0,
      }));
    });
  }

  /** Makes the first admin; of two who try at once one gets SETUP_OVER. */
  async addFirst(name: string, password: string, doer: Doer): Promise<void> {
    const hash = await hashPassword(password);
    await this.#database.use(({ database }) => keepNewUser(database, { name, role: "admin", hash }, { first: true }));
    await this.#audit.write({ doer, action: "set-up", target: name, after: { role: "admin" } });
  }

  /** Throws USER_EXISTS. */
  async add({ name, role, password }: NewUser, doer: Doer): Promise<UserRow> {
    const hash = await hashPassword(password);
    await this.#database.use(({ database }) => keepNewUser(database, { name, role, hash }, { first: false }));
    await this.#audit.write({ doer, action: "user-add", target: name, after: { role } });
    const row = (await this.list()).find((user) => user.name === name);
    if (!row) throw new PeopleError("NO_SUCH_USER", { params: { name } });
    return row;
  }

  /** Takes effect at once: the user's open streams end, the next call has the new role. Throws LAST_ADMIN. */
  async setRole(which: string, role: Role, doer: Doer): Promise<void> {
    const user = await this.#find(which);
    await this.#unlessLastAdmin(user.id, role !== "admin", { role });
    this.#sessions.recheck();
    await this.#audit.write({
      doer,
      action: "user-role",
      target: user.name,
      before: { role: user.role },
      after: { role },
    });
  }

  async setDisabled(which: string, disabled: boolean, doer: Doer): Promise<void> {
    const user = await this.#find(which);
    await this.#unlessLastAdmin(user.id, disabled, { disabled: disabled ? 1 : 0 });
    if (disabled) await this.#sessions.endAll(user.id, "disabled");
    await this.#audit.write({ doer, action: disabled ? "user-disable" : "user-enable", target: user.name });
  }

  /** Sets another's password; every session of theirs ends. @param keep a session that goes on: their own change. */
  async setPassword(which: string, password: string, doer: Doer, keep: string | null = null): Promise<void> {
    const user = await this.#find(which);
    await this.#database.use(async ({ auth }) => {
      const { internalAdapter } = await auth.$context;
      await internalAdapter.updatePassword(user.id, await hashPassword(password));
    });
    await this.#sessions.endAll(user.id, "password", keep);
    await this.#audit.write({ doer, action: keep === null ? "user-password" : "password-set", target: user.name });
  }

  async remove(which: string, doer: Doer): Promise<void> {
    const user = await this.#find(which);
    await this.#unlessLastAdmin(user.id, true, { disabled: 1 });
    await this.#sessions.endAll(user.id, "ended");
    await this.#database.use(({ database }) =>
      database.transaction().execute(async (transaction) => {
        await transaction.deleteFrom("account").where("userId", "=", user.id).execute();
        await transaction.deleteFrom("session").where("userId", "=", user.id).execute();
        await transaction.deleteFrom("user").where("id", "=", user.id).execute();
      }),
    );
    await this.#audit.write({ doer, action: "user-remove", target: user.name, before: { role: user.role } });
  }

  /** Logs somebody out everywhere. */
  async endSessions(which: string, doer: Doer, why: SessionEnd = "ended"): Promise<number> {
    const user = await this.#find(which);
    const ended = await this.#sessions.endAll(user.id, why);
    await this.#audit.write({ doer, action: "session-end", target: user.name, after: { ended } });
    return ended;
  }

  #find(which: string): Promise<{ id: string; name: string; role: string }> {
    return this.#database.use(async ({ database }) => {
      const row = await database
        .selectFrom("user")
        .select(["id", "username", "role"])
        .where((eb) => eb.or([eb("id", "=", which), eb("username", "=", which)]))
        .executeTakeFirst();
      if (!row) throw new PeopleError("NO_SUCH_USER", { params: { name: which } });
      return { id: row.id, name: row.username, role: row.role };
    });
  }

  /** One statement, so that two admins who take each other's role at once do not both succeed. */
  async #unlessLastAdmin(id: string, takes: boolean, set: { role?: Role; disabled?: number }): Promise<void> {
    await this.#database.use(async ({ database }) => {
      let update = database
        .updateTable("user")
        .set({ ...set, updatedAt: new Date().toISOString() })
        .where("id", "=", id);
      if (takes) {
        update = update.where((eb) =>
          eb.or([
            eb("role", "<>", "admin"),
            eb("disabled", "<>", 0),
            eb(
              eb
                .selectFrom("user as other")
                .where("other.role", "=", "admin")
                .where("other.disabled", "=", 0)
                .where("other.id", "<>", id)
                .select((count) => count.fn.countAll<number>().as("admins")),
              ">",
              0,
            ),
          ]),
        );
      }
      const { numUpdatedRows } = await update.executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) throw new PeopleError("LAST_ADMIN");
    });
  }
}
