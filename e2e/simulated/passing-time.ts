import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Product } from "./product-fixture.ts";

/**
 * As if so much time had passed for one person's sessions, since nobody waits half an hour: what web's own file says of when
 * they began, when something was done in them and when the password was given is moved back.
 */
export function letTimePass({ stateDir }: Product, name: string, passedMs: number): void {
  const database = new DatabaseSync(join(stateDir, "web", "web.sqlite"), { timeout: 5000 });
  try {
    const rows = database
      .prepare('SELECT session.* FROM session JOIN user ON user.id = session."userId" WHERE username = ?')
      .all(name);
    if (rows.length === 0) throw new Error(`${name} has no session`);
    const move = database.prepare(
      'UPDATE session SET "activeAt" = ?, "provedAt" = ?, "createdAt" = ?, "expiresAt" = ? WHERE id = ?',
    );
    const earlier = (iso: unknown) => new Date(Date.parse(String(iso)) - passedMs).toISOString();
    for (const { id, activeAt, provedAt, createdAt, expiresAt } of rows) {
      const [active, proved] = [Number(activeAt) - passedMs, Number(provedAt) - passedMs];
      move.run(active, proved, earlier(createdAt), earlier(expiresAt), String(id));
    }
  } finally {
    database.close();
  }
}
