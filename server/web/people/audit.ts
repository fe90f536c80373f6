import type { ExpressionBuilder, Kysely, Selectable } from "kysely";
import type { Logger } from "pino";
import type { ActorKind, AuditAction, AuditEntry, AuditFilter, AuditPage, AuditQuery } from "#domain/audit";
import type { WebTables } from "../../store/web-store.ts";
import { addressGroup } from "../client-address.ts";
import type { Doer } from "./actor.ts";
import type { PeopleDatabase } from "./database.ts";

export interface AuditLine {
  doer: Doer;
  action: AuditAction;
  target: string;
  /** a refusal's code; left out when it was done */
  outcome?: string;
  before?: unknown;
  after?: unknown;
}

export interface AuditLimits {
  ageMs: number;
  lines: number;
  bytes: number;
}

const usualLimits: AuditLimits = { ageMs: 400 * 86_400_000, lines: 200_000, bytes: 256 * 1024 * 1024 };
/** of one value in one line; a longer one is kept as its beginning and its length */
const longestValue = 32 * 1024;
const linesToATrim = 100;
/** A page that is refused again and again, once a second for a night, is one line a minute. */
const repeatMs = 60_000;
/** Anybody on the network can be refused. They must not push out of a bounded record what was done. */
const refusalsAnHour = 500;
const hourMs = 3_600_000;

/** The append-only record of who did what, bounded by age, lines and bytes: the oldest go first. */
export class Audit {
  readonly #database: PeopleDatabase;
  readonly #log: Pick<Logger, "error" | "info">;
  readonly #limits: AuditLimits;
  readonly #nowMs: () => number;
  readonly #refused = new Map<string, number>();
  #refusals = { sinceMs: Number.NEGATIVE_INFINITY, count: 0 };
  #sinceTrim = linesToATrim;

  constructor(
    database: PeopleDatabase,
    log: Pick<Logger, "error" | "info">,
    limits: AuditLimits = usualLimits,
    nowMs: () => number = Date.now,
  ) {
    this.#database = database;
    this.#log = log;
    this.#limits = limits;
    this.#nowMs = nowMs;
  }

  /**
   * Appends one line. Never rejects: the change is made already, or was refused. A line that the file does not take
   * goes to the log instead, whole; so does a refusal beyond those that are kept in an hour. Who is told to wait and tries
   * on is one line a minute.
   */
  async write(line: AuditLine): Promise<void> {
    if (line.outcome === "TOO_MANY_TRIES") await this.writeRefusal({ ...line, outcome: line.outcome });
    else await this.#append(line);
  }

  /** As `write`, for what somebody without the right tries: the same refusal again within a minute is no new line. */
  async writeRefusal(line: AuditLine & { outcome: string }): Promise<void> {
    const { doer, action, target, outcome } = line;
    const key = [doer.kind, doer.name, addressGroup(doer.from), action, target, outcome].join(" ");
    const now = this.#nowMs();
    if (now - (this.#refused.get(key) ?? Number.NEGATIVE_INFINITY) < repeatMs) return;
    if (this.#refused.size > 10_000) this.#refused.clear();
    this.#refused.set(key, now);
    await this.#append(line);
  }

  async #append(line: AuditLine): Promise<void> {
    const row = rowOf(line, this.#nowMs());
    if (row.outcome !== "done" && this.#tooManyRefusals()) {
      return this.#log.info({ audit: row }, "a refusal beyond those that the audit keeps in an hour");
    }
    try {
      await this.#database.use(({ database }) => database.insertInto("audit").values(row).execute());
    } catch (error) {
      return this.#log.error({ err: error, audit: row }, "an audit line could not be kept; it stands here instead");
    }
    if (++this.#sinceTrim < linesToATrim) return;
    // The database has said in the log what is wrong with it.
    await this.#trim().catch(() => {});
  }

  #tooManyRefusals(): boolean {
    const now = this.#nowMs();
    if (now - this.#refusals.sinceMs >= hourMs) this.#refusals = { sinceMs: now, count: 0 };
    return ++this.#refusals.count > refusalsAnHour;
  }

  /** Newest first. */
  page(query: AuditQuery): Promise<AuditPage> {
    return this.#database.use(async ({ database }) => {
      let select = database
        .selectFrom("audit")
        .selectAll()
        .where((eb) => matching(eb, query));
      if (query.beforeId !== null) select = select.where("id", "<", query.beforeId);
      const rows = await select
        .orderBy("id", "desc")
        .limit(query.limit + 1)
        .execute();
      const entries = rows.slice(0, query.limit).map(entryOf);
      return { entries, olderThanId: rows.length > query.limit ? (entries.at(-1)?.id ?? null) : null };
    });
  }

  /** Everything that the filter lets through, newest first, read in pages so that memory does not grow with it. */
  async *all(filter: AuditFilter): AsyncGenerator<AuditEntry> {
    let beforeId: number | null = null;
    do {
      const page: AuditPage = await this.page({ ...filter, beforeId, limit: 200 });
      yield* page.entries;
      beforeId = page.olderThanId;
    } while (beforeId !== null);
  }

  /** Addresses from which this user logged in lately. */
  knownAddresses(name: string): Promise<string[]> {
    return this.#database.use(async ({ database }) => {
      const rows = await database
        .selectFrom("audit")
        .select("address")
        .distinct()
        .where("actor", "=", name)
        .where("action", "=", "log-in")
        .where("outcome", "=", "done")
        .where("at", ">", this.#nowMs() - 30 * 86_400_000)
        .limit(200)
        .execute();
      return rows.map((row) => row.address);
    });
  }

  /** What goes is always a beginning of the record: SQLite lets nothing else go (web-store.ts). */
  async #trim(): Promise<void> {
    this.#sinceTrim = 0;
    await this.#database.use(async ({ database }) => {
      const lines = database.selectFrom("audit").select("id").orderBy("id").limit(1);
      const young = await lines.where("at", ">=", this.#nowMs() - this.#limits.ageMs).executeTakeFirst();
      await database
        .deleteFrom("audit")
        .where("id", "<", young?.id ?? Number.MAX_SAFE_INTEGER)
        .execute();
      for (let kept = await this.#tooMany(database); kept > 0; kept = await this.#tooMany(database)) {
        // The oldest tenth goes at once, so that a full record is not trimmed with every line.
        const oldest = await lines.offset(Math.ceil(kept / 10)).executeTakeFirst();
        if (!oldest) return;
        await database.deleteFrom("audit").where("id", "<", oldest.id).execute();
      }
    });
  }

  /** How many lines there are when they are too many, or too large together; else 0. */
  async #tooMany(database: Kysely<WebTables>): Promise<number> {
    const { kept, size } = await database
      .selectFrom("audit")
      .select([database.fn.count<number>("id").as("kept"), database.fn.sum<number | null>("bytes").as("size")])
      .executeTakeFirstOrThrow();
    return kept > this.#limits.lines || (size ?? 0) > this.#limits.bytes ? kept : 0;
  }
}

function rowOf({ doer, action, target, outcome = "done", ...values }: AuditLine, at: number) {
  const before = asText(values.before);
  const after = asText(values.after);
  const bytes = 200 + target.length + (before?.length ?? 0) + (after?.length ?? 0);
  return {
    ...{ at, actor_kind: doer.kind, actor: doer.name, address: doer.from, action },
    ...{ target: target.slice(0, 500), outcome, before, after, bytes },
  };
}

function matching(eb: ExpressionBuilder<WebTables, "audit">, filter: AuditFilter) {
  const conditions = [];
  if (filter.actor !== "") conditions.push(eb("actor", "=", filter.actor));
  if (filter.action !== null) conditions.push(eb("action", "=", filter.action));
  if (filter.outcome !== "any") conditions.push(eb("outcome", filter.outcome === "done" ? "=" : "<>", "done"));
  if (filter.sinceMs !== null) conditions.push(eb("at", ">=", filter.sinceMs));
  if (filter.untilMs !== null) conditions.push(eb("at", "<=", filter.untilMs));
  if (filter.text !== "") {
    const text = filter.text.toLowerCase();
    const holds = (column: "actor" | "address" | "target") =>
      eb(eb.fn<number>("instr", [eb.fn("lower", [column]), eb.val(text)]), ">", 0);
    conditions.push(eb.or([holds("actor"), holds("address"), holds("target")]));
  }
  return eb.and(conditions);
}

function entryOf(row: Selectable<WebTables["audit"]>): AuditEntry {
  return {
    id: row.id,
    atMs: row.at,
    actorKind: row.actor_kind as ActorKind,
    actor: row.actor,
    from: row.address,
    action: row.action as AuditAction,
    target: row.target,
    outcome: row.outcome,
    before: row.before === null ? null : JSON.parse(row.before),
    after: row.after === null ? null : JSON.parse(row.after),
  };
}

function asText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = jsonOf(value);
  if (text.length <= longestValue) return text;
  return JSON.stringify({ beginning: text.slice(0, longestValue), characters: text.length });
}

/** A line without a value is worth more than none. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    return JSON.stringify({ unreadable: String(error) });
  }
}
