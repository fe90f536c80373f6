import { sql } from "kysely";
import { idleMs, type Role, type SessionEnd } from "#domain/people";
import type { Actor } from "./actor.ts";
import type { PeopleDatabase } from "./database.ts";

type Person = Extract<Actor, { kind: "user" }>;

/** How soon a change that another process made to web.sqlite (`ipvs-console user …`) is noticed. */
const lookEveryMs = 1000;
const remembered = 1000;

interface Followed {
  sessionId: string;
  userId: string;
  role: Role;
  idleEndsAtMs: number;
  endsAtMs: number;
  end: (why: SessionEnd) => void;
}

/**
 * Ends what is open when its session ends: at once for what this process did, within a second for another one. While
 * nothing is followed it does nothing, and while nothing changes it asks SQLite for one number a second.
 */
export class SessionWatch {
  readonly #database: PeopleDatabase;
  readonly #nowMs: () => number;
  readonly #followed = new Set<Followed>();
  readonly #why = new Map<string, SessionEnd>();
  #timer: NodeJS.Timeout | undefined;
  #version = -1;
  /** somebody is followed whom no look has judged, or the last look failed */
  #anew = true;

  constructor(database: PeopleDatabase, nowMs: () => number) {
    this.#database = database;
    this.#nowMs = nowMs;
  }

  /** Calls `end` once, when the session is over or its role is not what it was. The answer stops it. */
  follow({ me }: Person, end: (why: SessionEnd) => void): () => void {
    const { sessionId, userId, role, idleEndsAtMs, endsAtMs } = me;
    const followed: Followed = { sessionId, userId, role, idleEndsAtMs, endsAtMs, end };
    this.#followed.add(followed);
    // What happened since `me` was read may have been looked at already, without this one.
    this.#anew = true;
    this.#timer ??= setInterval(() => void this.#look(), lookEveryMs);
    return () => this.#forget(followed);
  }

  /** How many are followed for this session. */
  count(sessionId: string): number {
    let count = 0;
    for (const followed of this.#followed) if (followed.sessionId === sessionId) count++;
    return count;
  }

  /** This session was ended here, for this reason. */
  ended(sessionId: string, why: SessionEnd): void {
    if (this.#why.size >= remembered) this.#why.delete(this.#why.keys().next().value ?? "");
    this.#why.set(sessionId, why);
    for (const followed of [...this.#followed]) if (followed.sessionId === sessionId) this.#finish(followed, why);
  }

  /** Roles may have changed: looks now. */
  recheck(): void {
    void this.#look(true);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#followed.clear();
  }

  async #look(anyway = false): Promise<void> {
    const due = this.#nowMs();
    if ([...this.#followed].some((one) => one.idleEndsAtMs <= due || one.endsAtMs <= due)) anyway = true;
    try {
      await this.#database.use(async ({ database }) => {
        const { rows } = await sql<{ data_version: number }>`PRAGMA data_version`.execute(database);
        const version = rows[0]?.data_version ?? -1;
        if (!anyway && !this.#anew && version === this.#version) return;
        this.#anew = false;
        const every = [...this.#followed];
        if (every.length > 0) {
          // Sessions first: who disables a user does that before ending theirs, so that the reason is seen with the end.
          const sessions = await database
            .selectFrom("session")
            .select(["id", "activeAt"])
            .where("id", "in", [...new Set(every.map((one) => one.sessionId))])
            .execute();
          const users = await database
            .selectFrom("user")
            .select(["id", "role", "disabled"])
            .where("id", "in", [...new Set(every.map((one) => one.userId))])
            .execute();
          const activeAt = new Map(sessions.map((row) => [row.id, row.activeAt]));
          const userOf = new Map(users.map((row) => [row.id, row]));
          for (const one of every) this.#judge(one, activeAt.get(one.sessionId), userOf.get(one.userId));
        }
        this.#version = version;
      });
    } catch {
      this.#anew = true;
      // The file cannot be read now: what is known of the limits still holds, and the database has said it in the log.
      for (const followed of [...this.#followed]) if (followed.endsAtMs <= due) this.#finish(followed, "expired");
    }
  }

  #judge(followed: Followed, activeAt: number | undefined, user: { role: string; disabled: number } | undefined): void {
    const now = this.#nowMs();
    const expired = followed.endsAtMs <= now;
    if (activeAt !== undefined) followed.idleEndsAtMs = activeAt + idleMs;
    const known = activeAt === undefined ? this.#why.get(followed.sessionId) : undefined;
    if (known) this.#finish(followed, known);
    else if (user?.disabled) this.#finish(followed, "disabled");
    else if (activeAt === undefined || !user) this.#finish(followed, expired ? "expired" : "ended");
    else if (user.role !== followed.role) this.#finish(followed, "role");
    else if (expired) this.#finish(followed, "expired");
    else if (followed.idleEndsAtMs <= now) this.#finish(followed, "idle");
  }

  #finish(followed: Followed, why: SessionEnd): void {
    if (!this.#followed.has(followed)) return;
    this.#forget(followed);
    followed.end(why);
  }

  #forget(followed: Followed): void {
    this.#followed.delete(followed);
    if (this.#followed.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
