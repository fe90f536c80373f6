import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createAuth } from "../web/people/auth.ts";
import { openWebDatabase } from "./web-store.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "web-store-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function open(state: string) {
  const database = await openWebDatabase(join(state, "web.sqlite"));
  await createAuth(database, { secret: "s".repeat(64), secure: false });
  return database;
}

const schemaOf = (state: string) => {
  const file = new DatabaseSync(join(state, "web.sqlite"));
  const rows = file.prepare("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").all();
  file.close();
  return rows;
};

test("killed at whatever statement while its tables are made, it opens the next time", {
  timeout: 60_000,
}, async () => {
  const state = join(folder, "state");
  const real = DatabaseSync.prototype.prepare;
  let images = 0;
  // What is on disk when a statement begins is what a process that is killed there leaves behind.
  const spy = vi.spyOn(DatabaseSync.prototype, "prepare").mockImplementation(function (this: DatabaseSync, ...given) {
    cpSync(state, join(folder, `image-${images++}`), { recursive: true });
    return real.apply(this, given);
  });
  const database = await open(state);
  await database.destroy();
  spy.mockRestore();
  const whole = schemaOf(state);
  expect(images).toBeGreaterThan(20);
  for (let i = 0; i < images; i++) {
    const image = join(folder, `image-${i}`);
    const again = await open(image).catch((error: unknown) => {
      throw new Error(`killed at statement ${i}`, { cause: error });
    });
    await again.destroy();
    expect(schemaOf(image), `killed at statement ${i}`).toEqual(whole);
  }
});
