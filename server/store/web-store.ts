import { type Generated, type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { openDatabase } from "./open-database.ts";

/** Tables of web.sqlite. The first four are better-auth's, with its names; times there are ISO texts. */
export interface WebTables {
  user: {
    id: string;
    name: string;
    email: string;
    emailVerified: number;
    image: string | null;
    createdAt: string;
    updatedAt: string;
    username: string;
    displayUsername: string | null;
    role: string;
    disabled: number;
    /** milliseconds since the epoch */
    loggedInAt: number | null;
  };
  session: {
    id: string;
    expiresAt: string;
    token: string;
    createdAt: string;
    updatedAt: string;
    ipAddress: string | null;
    userAgent: string | null;
    userId: string;
    /** when its person last did something, milliseconds since the epoch */
    activeAt: number;
    /** when the password was last given */
    provedAt: number;
  };
  account: {
    id: string;
    accountId: string;
    providerId: string;
    userId: string;
    password: string | null;
    createdAt: string;
    updatedAt: string;
  };
  verification: { id: string };
  api_token: {
    id: string;
    name: string;
    role: string;
    /** SHA-256 of the token, hexadecimal: 256 random bits need no salt and no slow hash */
    hash: string;
    created_at: number;
    created_by: string;
    used_at: number | null;
    used_from: string | null;
    ends_at: number | null;
  };
  audit: {
    id: Generated<number>;
    at: number;
    actor_kind: string;
    actor: string;
    address: string;
    action: string;
    target: string;
    outcome: string;
    /** JSON */
    before: string | null;
    after: string | null;
    bytes: number;
  };
  /** one row once there is, or was, a first admin */
  set_up: { id: number; at: number };
}

const migrations: Record<string, Migration> = {
  "001-tokens": {
    up: async (database) => {
      await database.schema
        .createTable("api_token")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("name", "text", (column) => column.notNull().unique())
        .addColumn("role", "text", (column) => column.notNull())
        .addColumn("hash", "text", (column) => column.notNull().unique())
        .addColumn("created_at", "integer", (column) => column.notNull())
        .addColumn("created_by", "text", (column) => column.notNull())
        .addColumn("used_at", "integer")
        .addColumn("used_from", "text")
        .addColumn("ends_at", "integer")
        .execute();
    },
  },
  "002-audit": {
    up: async (database) => {
      await database.schema
        .createTable("audit")
        .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
        .addColumn("at", "integer", (column) => column.notNull())
        .addColumn("actor_kind", "text", (column) => column.notNull())
        .addColumn("actor", "text", (column) => column.notNull())
        .addColumn("address", "text", (column) => column.notNull())
        .addColumn("action", "text", (column) => column.notNull())
        .addColumn("target", "text", (column) => column.notNull())
        .addColumn("outcome", "text", (column) => column.notNull())
        .addColumn("before", "text")
        .addColumn("after", "text")
        .addColumn("bytes", "integer", (column) => column.notNull())
        .execute();
      await database.schema.createIndex("audit_actor").on("audit").columns(["actor", "action"]).execute();
      await database.schema.createIndex("audit_at").on("audit").column("at").execute();
      // Append-only for every program that opens the file: lines are never rewritten, and go only from the oldest end.
      await sql`CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
        BEGIN SELECT RAISE(ABORT, 'audit lines are never changed'); END`.execute(database);
      await sql`CREATE TRIGGER audit_oldest_first BEFORE DELETE ON audit
        WHEN OLD.id > (SELECT min(id) FROM audit)
        BEGIN SELECT RAISE(ABORT, 'only the oldest audit line may go'); END`.execute(database);
    },
  },
  "003-set-up": {
    up: async (database) => {
      await database.schema
        .createTable("set_up")
        .addColumn("id", "integer", (column) => column.primaryKey())
        .addColumn("at", "integer", (column) => column.notNull())
        .execute();
    },
  },
  "004-audit-inserts": {
    up: async (database) => {
      // REPLACE takes a line away without asking the triggers before a DELETE, and a line that went leaves its number free.
      await sql`CREATE TRIGGER audit_at_its_end BEFORE INSERT ON audit
        WHEN NEW.id > 0 AND NEW.id <= (SELECT seq FROM sqlite_sequence WHERE name = 'audit')
        BEGIN SELECT RAISE(ABORT, 'audit lines are never changed, and new ones go to the end'); END`.execute(database);
    },
  },
};

/** Opens or makes web.sqlite with the tables that are ours; better-auth adds its own. Throws as openDatabase does. */
export function openWebDatabase(path: string): Promise<Kysely<WebTables>> {
  return openDatabase<WebTables>(path, migrations);
}
