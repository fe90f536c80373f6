import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { nodeSqliteDialect } from "./sqlite-dialect.ts";

/** How long a statement waits for another process's write. */
const busyMs = 2000;

/**
 * Opens or makes a database that only this user can read (0600 in a 0700 folder), in WAL mode, and brings it up to date.
 * Throws what SQLite or the file system says when the file is not a database, is damaged, or cannot be written.
 *
 * @param migrations by name, run in the order of their names; one that has run is never changed
 */
export async function openDatabase<Tables>(
  path: string,
  migrations: Record<string, Migration>,
): Promise<Kysely<Tables>> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives the files beside it (-wal, -shm) the mode of the database itself.
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
  const file = new DatabaseSync(path, { timeout: busyMs });
  try {
    file.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
    const database = new Kysely<Tables>({ dialect: nodeSqliteDialect(file) });
    const { error } = await new Migrator({
      db: database,
      provider: { getMigrations: async () => migrations },
    }).migrateToLatest();
    if (error) throw error;
    return database;
  } catch (error) {
    file.close();
    throw error;
  }
}
