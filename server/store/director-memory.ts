import { type Kysely, type Selectable, sql, type Transaction } from "kysely";
import { packMoves, unpackMoves } from "#domain/batch/packed-moves";
import type { Revision, RevisionDoer, RevisionOutcome, RevisionQuery } from "#domain/revision";
import type { Ipvs } from "../director/ipvs.ts";
import {
  type ArmedEntry,
  type DirectorMemory,
  type JournalEntry,
  type MemoryLimits,
  type Settlement,
  type StoredText,
  usualLimits,
} from "../director/memory.ts";
import type { DirectorTables } from "./director-tables.ts";
import { forgetOldest } from "./revision-limits.ts";
import { storeFailed } from "./store-failed.ts";

/** Journal and revisions in director.sqlite, of one kind of table. */
export class SqliteMemory implements DirectorMemory {
  readonly #database: Kysely<DirectorTables>;
  readonly #kind: Ipvs["kind"];
  readonly #limits: MemoryLimits;

  constructor(database: Kysely<DirectorTables>, kind: Ipvs["kind"], limits: MemoryLimits = usualLimits) {
    this.#database = database;
    this.#kind = kind;
    this.#limits = limits;
  }

  async writing(): Promise<JournalEntry | null> {
    const row = await this.#journal("writing");
    return row && entryOf(row);
  }

  async armed(): Promise<ArmedEntry | null> {
    const row = await this.#journal("armed");
    if (!row || row.revision === null || row.confirm_by === null) return null;
    return { ...entryOf(row), revision: row.revision, confirmBy: row.confirm_by };
  }

  begin({ bootId, moves, atMs, by, note, what, drained, confirmS }: JournalEntry): Promise<void> {
    return kept(async () => {
      const row = {
        ...{ kind: this.#kind, slot: "writing", boot_id: bootId, at: atMs, by: JSON.stringify(by), note },
        ...{ what: JSON.stringify(what), moves: packMoves(moves) },
        ...{ drained: JSON.stringify(drained), confirm_s: confirmS, revision: null, confirm_by: null },
      };
      await this.#database.replaceInto("journal").values(row).execute();
    });
  }

  settle({ add, writing, armed, outcome }: Settlement): Promise<number | null> {
    return kept(() =>
      this.#database.transaction().execute(async (transaction) => {
        const id = add ? await this.#add(transaction, { ...add, before: null, after: null }, 2) : null;
        if (armed === "forget") await this.#forget(transaction, "armed");
        if (writing && writing !== "forget") {
          await this.#forget(transaction, "armed");
          await transaction
            .updateTable("journal")
            .set({ slot: "armed", revision: id, confirm_by: writing.confirmBy })
            .where("kind", "=", this.#kind)
            .where("slot", "=", "writing")
            .execute();
        }
        if (writing === "forget") await this.#forget(transaction, "writing");
        if (outcome) {
          const to = { outcome: outcome.outcome, left_rows: JSON.stringify(outcome.left) };
          await transaction.updateTable("revision").set(to).where("id", "=", outcome.id).execute();
        }
        return id;
      }),
    );
  }

  complete(
    id: number,
    tags: { before: string; after: string },
    outside?: { atMs: number; before: string },
  ): Promise<void> {
    return kept(() =>
      this.#database.transaction().execute(async (transaction) => {
        await transaction.updateTable("revision").set(tags).where("id", "=", id).execute();
        if (outside) await this.#add(transaction, fromOutside({ ...outside, after: tags.before }), 0, id - 1);
        await forgetOldest(transaction, this.#kind, this.#limits);
      }),
    );
  }

  addOutside(change: { atMs: number; before: string; after: string }): Promise<void> {
    return kept(() =>
      this.#database.transaction().execute(async (transaction) => {
        await this.#add(transaction, fromOutside(change), 1);
        await forgetOldest(transaction, this.#kind, this.#limits);
      }),
    );
  }

  last(): Promise<{ id: number; before: string | null; after: string | null } | null> {
    return kept(async () => {
      const row = await this.#mine()
        .select(["id", "before", "after"])
        .orderBy("id", "desc")
        .limit(1)
        .executeTakeFirst();
      return row ?? null;
    });
  }

  revisions({ beforeId, limit }: RevisionQuery): Promise<Revision[]> {
    return kept(async () => {
      let query = this.#mine().selectAll().where("before", "is not", null).where("after", "is not", null);
      if (beforeId !== undefined) query = query.where("id", "<", beforeId);
      return (await query.orderBy("id", "desc").limit(limit).execute()).map(revisionOf);
    });
  }

  revision(id: number): Promise<Revision | null> {
    return kept(async () => {
      const row = await this.#mine().selectAll().where("id", "=", id).where("after", "is not", null).executeTakeFirst();
      return row ? revisionOf(row) : null;
    });
  }

  hasText(tag: string): Promise<boolean> {
    return kept(async () => {
      const row = await this.#database.selectFrom("rule_text").select("tag").where("tag", "=", tag).executeTakeFirst();
      return row !== undefined;
    });
  }

  putText(text: StoredText): Promise<void> {
    return kept(async () => {
      await this.#database.replaceInto("rule_text").values(text).execute();
      await forgetOldest(this.#database, this.#kind, this.#limits);
    });
  }

  text(tag: string): Promise<Uint8Array | null> {
    return kept(async () => {
      const row = await this.#database.selectFrom("rule_text").select("gzip").where("tag", "=", tag).executeTakeFirst();
      return row?.gzip ?? null;
    });
  }

  #mine() {
    return this.#database.selectFrom("revision").where("kind", "=", this.#kind);
  }

  #journal(slot: string) {
    return kept(async () => {
      const query = this.#database.selectFrom("journal").selectAll().where("kind", "=", this.#kind);
      return (await query.where("slot", "=", slot).executeTakeFirst()) ?? null;
    });
  }

  async #forget(transaction: Transaction<DirectorTables>, slot: string): Promise<void> {
    await transaction.deleteFrom("journal").where("kind", "=", this.#kind).where("slot", "=", slot).execute();
  }

  /** @param step how far the new id is from the newest that ever was */
  async #add(
    transaction: Transaction<DirectorTables>,
    { atMs, by, note, what, outcome, left, undoes, before, after }: Unfinished,
    step: number,
    id?: number,
  ): Promise<number> {
    const newest = sql<number>`coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'revision'), 0) + ${step}`;
    const values = {
      ...{ id: id ?? newest, kind: this.#kind, at: atMs, name: by.name, source: by.source, address: by.from ?? null },
      ...{ note, what: JSON.stringify(what), outcome, left_rows: JSON.stringify(left), undoes, before, after },
    };
    const added = await transaction.insertInto("revision").values(values).returning("id").executeTakeFirstOrThrow();
    return added.id;
  }
}

type Unfinished = Omit<Revision, "id" | "before" | "after"> & { before: string | null; after: string | null };

function fromOutside({ atMs, before, after }: { atMs: number; before: string; after: string }): Unfinished {
  const quiet = { note: null, what: {}, outcome: "done", undoes: null } as const;
  return { atMs, by: { name: "", source: "outside" }, ...quiet, left: [], before, after };
}

function entryOf(row: Selectable<DirectorTables["journal"]>): JournalEntry {
  return {
    bootId: row.boot_id,
    moves: unpackMoves(row.moves),
    atMs: row.at,
    by: JSON.parse(row.by) as RevisionDoer,
    note: row.note,
    what: JSON.parse(row.what) as JournalEntry["what"],
    drained: JSON.parse(row.drained) as JournalEntry["drained"],
    confirmS: row.confirm_s,
  };
}

function revisionOf(row: Selectable<DirectorTables["revision"]>): Revision {
  return {
    id: row.id,
    atMs: row.at,
    by: {
      name: row.name,
      source: row.source as RevisionDoer["source"],
      ...(row.address === null ? {} : { from: row.address }),
    },
    note: row.note,
    what: JSON.parse(row.what) as Revision["what"],
    before: row.before ?? "",
    after: row.after ?? "",
    outcome: row.outcome as RevisionOutcome,
    left: JSON.parse(row.left_rows) as string[],
    undoes: row.undoes,
  };
}

async function kept<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeFailed(error);
  }
}

/** In place of a file that cannot be used. */
export class NoMemory implements DirectorMemory {
  readonly #because: unknown;

  constructor(because: unknown) {
    this.#because = because;
  }

  writing = () => this.#refuse();
  armed = () => this.#refuse();
  begin = () => this.#refuse();
  settle = () => this.#refuse();
  complete = () => this.#refuse();
  addOutside = () => this.#refuse();
  last = () => this.#refuse();
  revisions = () => this.#refuse();
  revision = () => this.#refuse();
  hasText = () => this.#refuse();
  putText = () => this.#refuse();
  text = () => this.#refuse();

  #refuse(): Promise<never> {
    return Promise.reject(storeFailed(this.#because));
  }
}
