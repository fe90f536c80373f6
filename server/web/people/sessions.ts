import { CodedError, PeopleError } from "#domain/errors";
import { idleMs, type Me, provedMs, type Role, type SessionEnd, type SessionRow } from "#domain/people";
import { addressGroup } from "../client-address.ts";
import type { Actor, Doer } from "./actor.ts";
import type { Audit } from "./audit.ts";
import type { PeopleDatabase } from "./database.ts";
import { verifyPassword } from "./passwords.ts";
import { SessionWatch } from "./session-watch.ts";
import { type Caller, signIn } from "./sign-in.ts";
import type { Tries } from "./tries.ts";

type Person = Extract<Actor, { kind: "user" }>;

/** Writing down every second that somebody types would only wear the disk. */
const touchEveryMs = 10_000;
const sessionsAUser = 20;

/** Log-in, log-out and what lies between: who holds a cookie, until when, and the end of it. */
export class Sessions {
  readonly watch: SessionWatch;
  readonly #database: PeopleDatabase;
  readonly #audit: Audit;
  readonly #tries: Tries;
  readonly #nowMs: () => number;

  constructor(database: PeopleDatabase, audit: Audit, tries: Tries, nowMs: () => number = Date.now) {
    this.#database = database;
    this.#audit = audit;
    this.#tries = tries;
    this.#nowMs = nowMs;
    this.watch = new SessionWatch(database, nowMs);
  }

  /**
   * Begins a session and answers the cookie that carries it; the one that the caller came with ends. Throws
   * WRONG_CREDENTIALS (whichever of the two was wrong), USER_DISABLED (only to who knows the password), TOO_MANY_TRIES.
   */
  async logIn(name: string, password: string, caller: Caller): Promise<{ me: Me; cookies: string[] }> {
    const userName = name.trim().toLowerCase();
    const known = await this.#nameIfKnown(userName);
    // What was typed for a name may be a password: only a name that exists is written down.
    const doer: Doer = known === null ? { kind: "nobody", name: "", from: caller.from } : person(known, caller);
    try {
      const account = await this.#accountKey(userName, caller);
      const { token, cookies } = await this.#tries.during(addressGroup(caller.from), account, () =>
        this.#database.use((open) => signIn(open, userName, password, caller)),
      );
      const former = await this.who(caller.cookie).catch(() => null);
      if (former) await this.#end(former.me.sessionId, "logged-out");
      const me = await this.#begun(token);
      await this.#audit.write({ doer, action: "log-in", target: "", after: { agent: caller.agent.slice(0, 200) } });
      return { me, cookies };
    } catch (error) {
      if (error instanceof CodedError)
        await this.#audit.write({ doer, action: "log-in", target: "", outcome: error.code });
      throw error;
    }
  }

  /** Who holds this cookie, or null. A session that was idle for too long is ended here. */
  who(cookie: string): Promise<Person | null> {
    if (cookie === "") return Promise.resolve(null);
    return this.#database.use(async (open) => {
      const asked = open.auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } });
      const found = await asked.catch(async (error: unknown) => {
        // better-auth keeps to itself what the file said; asked again, it says it here.
        await open.database.selectFrom("session").innerJoin("user", "user.id", "userId").selectAll().execute();
        throw error;
      });
      if (!found) return null;
      const { session, user } = found;
      const me = meOf(session, user);
      if (user.disabled) return null;
      if (this.#nowMs() < me.idleEndsAtMs && this.#nowMs() < me.endsAtMs) {
        return { kind: "user", name: me.name, role: me.role, me, sessionToken: session.token };
      }
      await this.#end(me.sessionId, this.#nowMs() < me.endsAtMs ? "idle" : "expired");
      return null;
    });
  }

  async logOut(actor: Person, from: string): Promise<void> {
    await this.#end(actor.me.sessionId, "logged-out");
    await this.#audit.write({ doer: { kind: "user", name: actor.name, from }, action: "log-out", target: "" });
  }

  /** Its person did something: idleness counts from now. */
  async touch(actor: Person): Promise<Me> {
    const now = this.#nowMs();
    if (now - (actor.me.idleEndsAtMs - idleMs) < touchEveryMs) return actor.me;
    await this.#database.use(({ database }) =>
      database.updateTable("session").set({ activeAt: now }).where("id", "=", actor.me.sessionId).execute(),
    );
    return { ...actor.me, idleEndsAtMs: now + idleMs };
  }

  /** The password again. Throws WRONG_PASSWORD, TOO_MANY_TRIES. */
  async prove(actor: Person, password: string, from: string): Promise<Me> {
    const doer: Doer = { kind: "user", name: actor.name, from };
    try {
      await this.checkPassword(actor, password, from);
    } catch (error) {
      if (error instanceof CodedError)
        await this.#audit.write({ doer, action: "password-prove", target: "", outcome: error.code });
      throw error;
    }
    const now = this.#nowMs();
    await this.#database.use(({ database }) =>
      database
        .updateTable("session")
        .set({ activeAt: now, provedAt: now })
        .where("id", "=", actor.me.sessionId)
        .execute(),
    );
    await this.#audit.write({ doer, action: "password-prove", target: "" });
    return { ...actor.me, idleEndsAtMs: now + idleMs, provedUntilMs: now + provedMs };
  }

  async checkPassword(actor: Person, password: string, from: string): Promise<void> {
    const account = `${actor.name} ${actor.me.sessionId}`;
    await this.#tries.during(addressGroup(from), account, async () => {
      const right = await this.#database.use(async ({ database }) => {
        const row = await database
          .selectFrom("account")
          .select("password")
          .where("userId", "=", actor.me.userId)
          .where("providerId", "=", "credential")
          .executeTakeFirst();
        return row?.password ? verifyPassword({ hash: row.password, password }) : false;
      });
      if (!right) throw new PeopleError("WRONG_PASSWORD", { field: "password" });
    });
  }

  list(actor: Person): Promise<SessionRow[]> {
    return this.#database.use(async ({ database }) => {
      const rows = await database
        .selectFrom("session")
        .selectAll()
        .where("userId", "=", actor.me.userId)
        .where("expiresAt", ">", new Date(this.#nowMs()).toISOString())
        .where("activeAt", ">", this.#nowMs() - idleMs)
        .orderBy("activeAt", "desc")
        .execute();
      return rows.map((row) => ({
        id: row.id,
        current: row.id === actor.me.sessionId,
        startedAtMs: Date.parse(row.createdAt),
        activeAtMs: row.activeAt,
        from: row.ipAddress ?? "",
        agent: row.userAgent ?? "",
      }));
    });
  }

  /** Ends one of the actor's own sessions. Throws NO_SUCH_SESSION, also for somebody else's. */
  async endOwn(actor: Person, id: string, from: string): Promise<void> {
    const own = (await this.list(actor)).some((session) => session.id === id);
    if (!own) throw new PeopleError("NO_SUCH_SESSION");
    await this.#end(id, id === actor.me.sessionId ? "logged-out" : "ended");
    await this.#audit.write({
      doer: { kind: "user", name: actor.name, from },
      action: "session-end",
      target: actor.name,
    });
  }

  /** Ends a user's sessions, but for one. Answers how many. */
  async endAll(userId: string, why: SessionEnd, keep: string | null = null): Promise<number> {
    const rows = await this.#database.use(({ database }) =>
      database.selectFrom("session").select("id").where("userId", "=", userId).execute(),
    );
    const ending = rows.filter((row) => row.id !== keep);
    for (const row of ending) await this.#end(row.id, why);
    return ending.length;
  }

  /** Something about users changed: streams that are open look again. */
  recheck(): void {
    this.watch.recheck();
  }

  async #end(id: string, why: SessionEnd): Promise<void> {
    await this.#database.use(({ database }) => database.deleteFrom("session").where("id", "=", id).execute());
    this.watch.ended(id, why);
  }

  async #nameIfKnown(name: string): Promise<string | null> {
    const row = await this.#database.use(({ database }) =>
      database.selectFrom("user").select("username").where("username", "=", name).executeTakeFirst(),
    );
    return row?.username ?? null;
  }

  /** Where its owner logged in before, an account has a count of its own: guesses from elsewhere do not lock them out. */
  async #accountKey(name: string, { from }: Caller): Promise<string> {
    const group = addressGroup(from);
    const known = (await this.#audit.knownAddresses(name)).some((address) => addressGroup(address) === group);
    return known ? `${name} ${group}` : name;
  }

  /** The session just made; old ones of the same user beyond a bound go. */
  async #begun(token: string): Promise<Me> {
    return this.#database.use(async ({ database }) => {
      const row = await database
        .selectFrom("session")
        .innerJoin("user", "user.id", "session.userId")
        .selectAll("session")
        .select(["username", "role"])
        .where("token", "=", token)
        .executeTakeFirstOrThrow();
      await database.updateTable("user").set({ loggedInAt: this.#nowMs() }).where("id", "=", row.userId).execute();
      await database.deleteFrom("session").where("expiresAt", "<", new Date(this.#nowMs()).toISOString()).execute();
      const own = database.selectFrom("session").select("id").where("userId", "=", row.userId);
      for (const old of await own.orderBy("activeAt", "desc").offset(sessionsAUser).limit(100).execute())
        await this.#end(old.id, "ended");
      return meOf({ ...row, expiresAt: new Date(row.expiresAt) }, { username: row.username, role: row.role });
    });
  }
}

interface SessionFacts {
  id: string;
  userId: string;
  expiresAt: Date;
  activeAt: number;
  provedAt: number;
}

function meOf(session: SessionFacts, user: { username?: string | null | undefined; role: string }): Me {
  return {
    name: user.username ?? "",
    role: user.role as Role,
    userId: session.userId,
    sessionId: session.id,
    idleEndsAtMs: session.activeAt + idleMs,
    endsAtMs: session.expiresAt.getTime(),
    provedUntilMs: session.provedAt + provedMs,
  };
}

const person = (name: string, { from }: Caller): Doer => ({ kind: "user", name, from });
