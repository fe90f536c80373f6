import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { provedMs } from "#domain/people";
import type { Product } from "./product-fixture.ts";

/** Every password was given so long ago that what is dangerous asks for it again: time passes only in web's own file. */
export function provedLongAgo({ stateDir }: Product): void {
  const database = new DatabaseSync(join(stateDir, "web", "web.sqlite"), { timeout: 5000 });
  try {
    const { changes } = database.prepare("UPDATE session SET provedAt = provedAt - ?").run(provedMs + 1000);
    if (changes === 0) throw new Error("nobody is logged in");
  } finally {
    database.close();
  }
}
