import type { Generated } from "kysely";
import type { Migration } from "kysely/migration";

/** Tables of director.sqlite. `kind` keeps what belongs to a simulated table apart from the host's; times are milliseconds since the epoch. */
export interface DirectorTables {
  drained_weight: { kind: string; server: string; weight: number };
  /** slot: `writing`, a batch under way; `armed`, one that waits for its confirmation */
  journal: {
    kind: string;
    slot: string;
    boot_id: string;
    at: number;
    /** JSON, as what, moves and drained */
    by: string;
    note: string | null;
    what: string;
    moves: string;
    drained: string;
    confirm_s: number | null;
    revision: number | null;
    confirm_by: number | null;
  };
  revision: {
    id: Generated<number>;
    kind: string;
    at: number;
    name: string;
    source: string;
    address: string | null;
    note: string | null;
    /** JSON, as left */
    what: string;
    outcome: string;
    left_rows: string;
    undoes: number | null;
    /** tags; null until they are known */
    before: string | null;
    after: string | null;
  };
  rule_text: { tag: string; gzip: Uint8Array };
}

export const directorMigrations: Record<string, Migration> = {
  "001-drained-weight": {
    up: async (database) => {
      await database.schema
        .createTable("drained_weight")
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("server", "text", (column) => column.notNull())
        .addColumn("weight", "integer", (column) => column.notNull())
        .addPrimaryKeyConstraint("drained_weight_key", ["kind", "server"])
        .execute();
    },
  },
  "002-revisions": {
    up: async (database) => {
      await database.schema
        .createTable("journal")
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("slot", "text", (column) => column.notNull())
        .addColumn("boot_id", "text", (column) => column.notNull())
        .addColumn("at", "integer", (column) => column.notNull())
        .addColumn("by", "text", (column) => column.notNull())
        .addColumn("note", "text")
        .addColumn("what", "text", (column) => column.notNull())
        .addColumn("trails", "text", (column) => column.notNull())
        .addColumn("drained", "text", (column) => column.notNull())
        .addColumn("confirm_s", "integer")
        .addColumn("revision", "integer")
        .addColumn("confirm_by", "integer")
        .addPrimaryKeyConstraint("journal_key", ["kind", "slot"])
        .execute();
      await database.schema
        .createTable("revision")
        .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
        .addColumn("kind", "text", (column) => column.notNull())
        .addColumn("at", "integer", (column) => column.notNull())
        .addColumn("name", "text", (column) => column.notNull())
        .addColumn("source", "text", (column) => column.notNull())
        .addColumn("address", "text")
        .addColumn("note", "text")
        .addColumn("what", "text", (column) => column.notNull())
        .addColumn("outcome", "text", (column) => column.notNull())
        .addColumn("left_rows", "text", (column) => column.notNull())
        .addColumn("undoes", "integer")
        .addColumn("before", "text")
        .addColumn("after", "text")
        .execute();
      await database.schema
        .createTable("rule_text")
        .addColumn("tag", "text", (column) => column.primaryKey())
        .addColumn("gzip", "blob", (column) => column.notNull())
        .execute();
    },
  },
  "003-journal-of-moves": {
    up: async (database) => {
      // What an earlier build wrote there is in a form that nobody reads any more.
      await database.deleteFrom("journal").execute();
      await database.schema.alterTable("journal").renameColumn("trails", "moves").execute();
    },
  },
};
