import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readConfig } from "../config.ts";
import { runDirector } from "../director/main.ts";
import { RemoteDirector } from "../director/remote.ts";

/** The connections that were opened, so that a test can make a disk small: SQLite itself then says that it is full. */
const connections = vi.hoisted(() => [] as DatabaseSync[]);
vi.mock("node:sqlite", async (original) => {
  const real = await original<typeof import("node:sqlite")>();
  class Noted extends real.DatabaseSync {
    constructor(...given: ConstructorParameters<typeof real.DatabaseSync>) {
      super(...given);
      connections.push(this);
    }
  }
  return { ...real, DatabaseSync: Noted };
});

let folder: string;
let file: string;
let stop: (() => Promise<void>) | undefined;
let director: RemoteDirector;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "director-store-failures-"));
  mkdirSync(join(folder, "state", "director"), { recursive: true });
  file = join(folder, "state", "director", "director.sqlite");
});
afterEach(async () => {
  await director?.close();
  await stop?.();
  stop = undefined;
  connections.length = 0;
  rmSync(folder, { recursive: true, force: true });
});

async function run(table = "2x2"): Promise<void> {
  const env = {
    ...{ DIRECTOR: "simulated", SIMULATED_TABLE: table, SAMPLE_MS: "200", LOG_LEVEL: "silent" },
    ...{ STATE_DIR: join(folder, "state"), RUNTIME_DIR: join(folder, "run") },
  };
  ({ stop } = await runDirector(readConfig([], env)));
  director = new RemoteDirector(join(folder, "run", "director.sock"));
}

/** How many samples come within two seconds, up to three. */
async function samples(): Promise<number> {
  let count = 0;
  for await (const frame of director.samples("a test", AbortSignal.timeout(2000))) {
    expect(frame.header.error).toBeUndefined();
    if (++count === 3) break;
  }
  return count;
}

describe("the live view goes on without the director's file", () => {
  test("that is no database", async () => {
    const rubbish = "this is not a database, and long enough to have a header of its own ".repeat(200);
    writeFileSync(file, rubbish);
    await run();
    expect(await samples()).toBe(3);
    expect((await director.status()).kind).toBe("simulated");
    expect((await director.table()).length).toBe(2);
    expect(readFileSync(file, "utf8")).toBe(rubbish);
  });

  test("in whose place there is a folder", async () => {
    mkdirSync(file);
    await run();
    expect(await samples()).toBe(3);
  });

  test("that was damaged while it was open", async () => {
    await run();
    connections[0]?.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    writeFileSync(file, readFileSync(file).fill(0xa5, 100));
    expect(await samples()).toBe(3);
    expect((await director.table()).length).toBe(2);
  });

  test("on a disk that is full: what cannot be kept is refused with a code, and done once there is room", async () => {
    await run("20x8");
    const [mine] = connections;
    mine?.exec(`PRAGMA max_page_count = ${mine.prepare("PRAGMA page_count").get()?.["page_count"]}`);
    const drains = (await director.table()).flatMap(({ key, servers }) =>
      servers.map(({ spec }) => ({ verb: "drain-server" as const, service: key, server: spec })),
    );
    const answers: string[] = [];
    for (const drain of drains) {
      const answer = await director.apply([drain]).then(
        () => "done",
        (error: { code: string }) => error.code,
      );
      answers.push(answer);
    }
    expect(new Set(answers)).toEqual(new Set(["done", "STORE_FAILED"]));
    // Who was not drained has its weight still, and whoever watches sees all of it.
    const weights = (await director.table()).flatMap(({ servers }) => servers.map(({ spec }) => spec.weight));
    expect(weights.map((weight) => weight === 0)).toEqual(answers.map((answer) => answer === "done"));
    expect(await samples()).toBe(3);
    mine?.exec("PRAGMA max_page_count = 1073741823");
    for (const [i, drain] of drains.entries()) if (answers[i] !== "done") await director.apply([drain]);
    expect((await director.table()).every(({ servers }) => servers.every(({ spec }) => spec.weight === 0))).toBe(true);
  });
});
