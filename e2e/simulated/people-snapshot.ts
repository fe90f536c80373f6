import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What web's file of people, sessions and audit holds at one moment, to be put back while web has the file open. */
export class PeopleSnapshot {
  readonly #file: string;
  readonly #copy: string;

  /** @param folder of the product */
  constructor(folder: string) {
    this.#file = join(folder, "state", "web", "web.sqlite");
    this.#copy = join(folder, "people-at-first.sqlite");
    const database = new DatabaseSync(this.#file, { timeout: 5000 });
    database.prepare("VACUUM INTO ?").run(this.#copy);
    database.close();
  }

  /** Every row is as it was then, but that sessions began now. */
  putBack(): void {
    const database = new DatabaseSync(this.#file, { timeout: 5000, enableForeignKeyConstraints: false });
    try {
      database.prepare("ATTACH ? AS first").run(this.#copy);
      const named = (type: string) =>
        database.prepare("SELECT name, sql FROM main.sqlite_schema WHERE type = ?").all(type) as Record<
          string,
          string
        >[];
      const triggers = named("trigger");
      database.exec("BEGIN IMMEDIATE");
      // The audit's keep anyone from taking lines away.
      for (const { name } of triggers) database.exec(`DROP TRIGGER "${name}"`);
      for (const { name } of named("table"))
        database.exec(`DELETE FROM main."${name}"; INSERT INTO main."${name}" SELECT * FROM first."${name}"`);
      for (const { sql } of triggers) database.exec(String(sql));
      const since = database.prepare('SELECT max("provedAt") AS ms FROM session').get() as { ms: number };
      database.prepare(sessionsMoved).run({ ":ms": Date.now() - since.ms });
      database.exec("COMMIT");
    } finally {
      database.close();
    }
  }
}

/** Times of better-auth are ISO texts, ours are milliseconds. */
const moved = (column: string) => `strftime('%Y-%m-%dT%H:%M:%fZ', julianday("${column}") + :ms / 86400000.0)`;
const sessionsMoved = `UPDATE session SET "activeAt" = "activeAt" + :ms, "provedAt" = "provedAt" + :ms,
  "createdAt" = ${moved("createdAt")}, "updatedAt" = ${moved("updatedAt")}, "expiresAt" = ${moved("expiresAt")}`;
