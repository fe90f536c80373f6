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

  constructor(database: PeopleDatabase, nowMs: () => number) {
    this.#database = database;
    this.#nowMs = nowMs;
  }

  /** Calls `end` once, when the session is over or its role is not what it was. The answer stops it. */
  follow({ me }: Person, end: (why: SessionEnd) => void): () => void {
    const { sessionId, role, idleEndsAtMs, endsAtMs } = me;
    const followed: Followed = { sessionId, role, idleEndsAtMs, endsAtMs, end };
    this.#followed.add(followed);
    this.#timer ??= setInterval(() => void this.#look(), lookEveryMs);
    return () => this.#forget(followed);
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
        if (!anyway && version === this.#version) return;
        this.#version = version;
        const ids = [...new Set(Array.from(this.#followed, (one) => one.sessionId))];
        if (ids.length === 0) return;
        const found = await database
          .selectFrom("session")
          .innerJoin("user", "user.id", "session.userId")
          .select(["session.id", "activeAt", "role", "disabled"])
          .where("session.id", "in", ids)
          .execute();
        const bySession = new Map(found.map((row) => [row.id, row]));
        for (const followed of [...this.#followed]) this.#judge(followed, bySession.get(followed.sessionId));
      });
    } catch {
      // The file cannot be read now: what is known of the limits still holds, and the database has said it in the log.
      for (const followed of [...this.#followed]) if (followed.endsAtMs <= due) this.#finish(followed, "expired");
    }
  }

  #judge(followed: Followed, row: { activeAt: number; role: string; disabled: number } | undefined): void {
    const now = this.#nowMs();
    if (row) followed.idleEndsAtMs = row.activeAt + idleMs;
    if (!row)
      this.#finish(followed, this.#why.get(followed.sessionId) ?? (followed.endsAtMs <= now ? "expired" : "ended"));
    else if (row.disabled) this.#finish(followed, "disabled");
    else if (row.role !== followed.role) this.#finish(followed, "role");
    else if (followed.endsAtMs <= now) this.#finish(followed, "expired");
    else if (followed.idleEndsAtMs <= now) this.#finish(followed, "idle");
  }

  #finish(followed: Followed, why: SessionEnd): void {
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
