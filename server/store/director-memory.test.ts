import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Moves } from "#domain/batch/moves";
import type { ObservedServerSpec } from "#domain/real-server";
import type { ServiceKey } from "#domain/service";
import type { DirectorMemory, JournalEntry, NewRevision } from "../director/memory.ts";
import { ProcessMemory } from "../director/process-memory.ts";
import { SqliteMemory } from "./director-memory.ts";
import { type DirectorStore, openDirectorStore } from "./director-store.ts";
import { type DirectorTables, directorMigrations } from "./director-tables.ts";
import { openDatabase } from "./open-database.ts";

const log = {
  error: (details: unknown) => {
    throw new Error(JSON.stringify(details));
  },
} as never;
const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
const server: ObservedServerSpec = {
  ...{ address: "10.0.0.1", port: 80, forward: "nat" as const, weight: 1 },
  ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: null },
};

const key: ServiceKey = { kind: "fwmark", family: 4, mark: 7 };
const old: ServiceKey = { kind: "fwmark", family: 4, mark: 8 };
const entry: JournalEntry = {
  bootId: "boot-1",
  moves: new Moves(
    {
      services: new Map([["fwmark:8", { key: old, spec, servers: new Map([["fwmark:8>10.0.0.1:80", server]]) }]]),
      timeouts: { tcpS: 1, tcpFinS: 2, udpS: 3 },
      daemons: new Map([["master", { role: "master", interface: "eth0", syncId: 1 }]]),
    },
    [
      { command: "delete-service", service: old },
      { command: "new-service", service: key, spec },
      { command: "new-server", service: key, server },
      { command: "stop-daemon", role: "master" },
    ],
  ),
  ...{ atMs: 1000, by: { name: "ann", source: "page", from: "192.0.2.1" }, note: "why", what: { "add-service": 1 } },
  ...{ drained: [["fwmark:7>10.0.0.1:80", 5]], confirmS: 60 },
};
const revision: NewRevision = {
  ...{ atMs: 2000, by: entry.by, note: "why", what: entry.what },
  ...{ outcome: "done", left: ["a", "b"], undoes: null },
};
const tag = (name: string | number) => String(name).padStart(64, "0");

let folder: string;
let path: string;
let stores: DirectorStore[];

async function sqlite(): Promise<DirectorMemory> {
  const store = await openDirectorStore(path, log);
  stores.push(store);
  return store.memory("kernel");
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "director-memory-"));
  path = join(folder, "director.sqlite");
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const kinds: [string, () => Promise<DirectorMemory>][] = [
  ["in director.sqlite", sqlite],
  ["in the process", async () => new ProcessMemory()],
];

describe.each(kinds)("what a director remembers, %s", (_name, open) => {
  it("keeps a batch that is being written until it is settled", async () => {
    const memory = await open();
    expect(await memory.writing()).toBeNull();
    await memory.begin(entry);
    expect(await memory.writing()).toEqual(entry);
    expect(await memory.settle({ writing: "forget" })).toBeNull();
    expect(await memory.writing()).toBeNull();
  });

  it("makes it the one that waits, with its revision, and forgets it when that is over", async () => {
    const memory = await open();
    await memory.begin(entry);
    const id = await memory.settle({ add: { ...revision, outcome: "waiting" }, writing: { confirmBy: 61_000 } });
    expect([await memory.writing(), await memory.armed()]).toEqual([
      null,
      { ...entry, revision: id, confirmBy: 61_000 },
    ]);
    await memory.complete(id ?? 0, { before: tag(1), after: tag(2) });
    await memory.begin({ ...entry, confirmS: null });
    await memory.settle({ armed: "forget", outcome: { id: id ?? 0, outcome: "put-back", left: ["x"] } });
    expect([await memory.armed(), (await memory.writing())?.confirmS]).toEqual([null, null]);
    expect(await memory.revision(id ?? 0)).toMatchObject({ outcome: "put-back", left: ["x"] });
  });

  it("tells a revision once its tables are known, and what came between in front of it", async () => {
    const memory = await open();
    const first = (await memory.settle({ add: revision })) ?? 0;
    expect([await memory.revision(first), await memory.revisions({ limit: 9 })]).toEqual([null, []]);
    expect(await memory.last()).toMatchObject({ id: first, before: null, after: null });
    await memory.complete(first, { before: tag(1), after: tag(2) });
    const second = (await memory.settle({ add: { ...revision, note: null, undoes: first } })) ?? 0;
    await memory.complete(second, { before: tag(3), after: tag(4) }, { atMs: 5, before: tag(2) });
    await memory.addOutside({ atMs: 6, before: tag(4), after: tag(5) });
    const all = await memory.revisions({ limit: 9 });
    expect(all.map(({ by, before, after }) => [by.source, Number(before), Number(after)])).toEqual([
      ["outside", 4, 5],
      ["page", 3, 4],
      ["outside", 2, 3],
      ["page", 1, 2],
    ]);
    expect(all[3]).toEqual({ ...revision, id: first, before: tag(1), after: tag(2) });
    expect(all[1]).toMatchObject({ id: second, undoes: first, note: null });
    expect((await memory.revisions({ limit: 1, beforeId: second })).map(({ before }) => before)).toEqual([tag(2)]);
    expect((await memory.last())?.after).toBe(tag(5));
  });

  it("keeps texts that revisions speak of, and no others", async () => {
    const memory = await open();
    await memory.addOutside({ atMs: 1, before: tag(1), after: tag(2) });
    await memory.putText({ tag: tag(1), gzip: Buffer.from("one") });
    expect(Buffer.from((await memory.text(tag(1))) ?? []).toString()).toBe("one");
    expect([await memory.hasText(tag(1)), await memory.hasText(tag(2))]).toEqual([true, false]);
    await memory.putText({ tag: tag(9), gzip: Buffer.from("nine") });
    await memory.addOutside({ atMs: 1, before: tag(2), after: tag(3) });
    expect([await memory.hasText(tag(1)), await memory.hasText(tag(9))]).toEqual([true, false]);
  });
});

describe("in director.sqlite", () => {
  it("is all there after the process was killed, without a close, and apart for each kind of table", async () => {
    const killed = await sqlite();
    await killed.begin(entry);
    const id = await killed.settle({ add: { ...revision, outcome: "waiting" }, writing: { confirmBy: 7 } });
    await killed.begin({ ...entry, note: "next" });
    const next = await sqlite();
    expect(await next.writing()).toEqual({ ...entry, note: "next" });
    expect(await next.armed()).toEqual({ ...entry, revision: id, confirmBy: 7 });
    const simulated = stores[1]?.memory("simulated");
    expect([await simulated?.writing(), await simulated?.armed(), await simulated?.last()]).toEqual([null, null, null]);
  });

  it("forgets changes from outside before own ones, but none of the newest, and never one that waits", async () => {
    const database = await openDatabase<DirectorTables>(path, directorMigrations);
    const memory = new SqliteMemory(database, "kernel", { revisions: 6, newest: 2, textBytes: 1000 });
    const own = async (outcome: NewRevision["outcome"]) => {
      const id = (await memory.settle({ add: { ...revision, outcome } })) ?? 0;
      await memory.complete(id, { before: tag(0), after: tag(1) });
      return id;
    };
    const waiting = await own("waiting");
    for (let at = 0; at < 3; at++) await memory.addOutside({ atMs: at, before: tag(1), after: tag(2) });
    const owns = [await own("done"), await own("done"), await own("done"), await own("done"), await own("done")];
    expect((await memory.revisions({ limit: 99 })).map(({ id }) => id)).toEqual([...owns.toReversed(), waiting]);
    await memory.addOutside({ atMs: 9, before: tag(1), after: tag(2) });
    const left = await memory.revisions({ limit: 99 });
    expect(left.map(({ by }) => by.source)).toEqual(["outside", "page", "page", "page", "page", "page"]);
    expect(left.at(-1)?.id).toBe(waiting);
    await database.destroy();
  });

  it("stays below its limit of bytes, and keeps the newest texts", async () => {
    const database = await openDatabase<DirectorTables>(path, directorMigrations);
    const memory = new SqliteMemory(database, "kernel", { revisions: 1000, newest: 100, textBytes: 5000 });
    for (let at = 0; at < 60; at++) {
      await memory.addOutside({ atMs: at, before: tag(at), after: tag(at + 1) });
      await memory.putText({ tag: tag(at + 1), gzip: new Uint8Array(200) });
    }
    const kept = await Promise.all(Array.from({ length: 61 }, (_, at) => memory.hasText(tag(at))));
    expect(kept.filter(Boolean).length).toBeLessThanOrEqual(25);
    expect(kept.filter(Boolean).length).toBeGreaterThan(10);
    expect(kept[60]).toBe(true);
    await database.destroy();
  });

  it("says so when the disk does not take it", async () => {
    const memory = await sqlite();
    const holder = new DatabaseSync(path);
    holder.exec("DROP TABLE journal; DROP TABLE revision");
    holder.close();
    for (const call of [
      () => memory.begin(entry),
      () => memory.settle({ add: revision }),
      () => memory.writing(),
      () => memory.revisions({ limit: 1 }),
    ])
      await expect(call()).rejects.toMatchObject({ code: "STORE_FAILED" });
  });

  it("says so for a file that is no database", async () => {
    writeFileSync(path, "this is not a database, and long enough to have a header of its own ".repeat(20));
    const errors: unknown[] = [];
    const store = await openDirectorStore(path, { error: (details: unknown) => errors.push(details) } as never);
    const memory = store.memory("kernel");
    await expect(memory.begin(entry)).rejects.toMatchObject({ code: "STORE_FAILED" });
    await expect(memory.last()).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(errors).toHaveLength(1);
    await store.close();
  });
});
