import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDirectorStore } from "./director-store.ts";

const server = "tcp:192.0.2.10:80>10.0.0.1:80";
const other = "tcp:192.0.2.10:80>10.0.0.2:80";
let folder: string;
let path: string;
let errors: string[];
const log = { error: (_details: unknown, message?: string) => void errors.push(message ?? "") } as never;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "director-store-"));
  path = join(folder, "state", "director.sqlite");
  errors = [];
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("openDirectorStore", () => {
  it("gives weights back after it was closed and opened again", async () => {
    const first = await openDirectorStore(path, log);
    await first.drainedWeights("kernel").write(
      new Map([
        [server, 5],
        [other, 2_147_483_647],
      ]),
    );
    await first.drainedWeights("kernel").write(new Map([[server, 7]]));
    await first.close();

    const second = await openDirectorStore(path, log);
    const drained = second.drainedWeights("kernel");
    expect([
      drained.weightOf(server),
      drained.weightOf(other),
      drained.weightOf("tcp:192.0.2.10:80>10.0.0.3:80"),
    ]).toEqual([7, 2_147_483_647, null]);
    expect([...drained.ids()].sort()).toEqual([server, other]);
    await second.close();
    expect(errors).toEqual([]);
  });

  it("gives weights back after the process was killed, without a close", async () => {
    const killed = await openDirectorStore(path, log);
    await killed.drainedWeights("kernel").write(new Map([[server, 5]]));
    const next = await openDirectorStore(path, log);
    expect(next.drainedWeights("kernel").weightOf(server)).toBe(5);
    await next.close();
    await killed.close();
  });

  it("forgets what is written as null, now and after a restart", async () => {
    const first = await openDirectorStore(path, log);
    const drained = first.drainedWeights("kernel");
    await drained.write(
      new Map([
        [server, 5],
        [other, 6],
      ]),
    );
    await drained.write(
      new Map<string, number | null>([
        [server, null],
        [other, 8],
      ]),
    );
    expect([drained.weightOf(server), drained.weightOf(other)]).toEqual([null, 8]);
    await first.close();
    const second = await openDirectorStore(path, log);
    expect([...second.drainedWeights("kernel").ids()]).toEqual([other]);
    await second.close();
  });

  it("keeps a simulated table's weights apart from the host's", async () => {
    const store = await openDirectorStore(path, log);
    await store.drainedWeights("simulated").write(new Map([[server, 5]]));
    await store.close();
    const again = await openDirectorStore(path, log);
    expect([
      again.drainedWeights("kernel").weightOf(server),
      again.drainedWeights("simulated").weightOf(server),
    ]).toEqual([null, 5]);
    await again.close();
  });

  it("makes files and a folder that nobody else can read", async () => {
    const store = await openDirectorStore(path, log);
    await store.drainedWeights("kernel").write(new Map([[server, 5]]));
    const modes = [path, `${path}-wal`, `${path}-shm`].map((file) => (statSync(file).mode & 0o777).toString(8));
    expect(modes).toEqual(["600", "600", "600"]);
    expect((statSync(join(folder, "state")).mode & 0o777).toString(8)).toBe("700");
    await store.close();
  });

  it("leaves a file that is no database as it is, says so once, and keeps nothing", async () => {
    const first = await openDirectorStore(path, log);
    await first.close();
    const rubbish = "this is not a database, and long enough to have a header of its own ".repeat(20);
    writeFileSync(path, rubbish);

    const store = await openDirectorStore(path, log);
    const drained = store.drainedWeights("kernel");
    expect(drained.weightOf(server)).toBeNull();
    await expect(drained.write(new Map([[server, 5]]))).rejects.toMatchObject({
      shape: { code: "STORE_FAILED", params: { detail: expect.stringContaining("not a database") } },
    });
    await store.close();
    expect(readFileSync(path, "utf8")).toBe(rubbish);
    expect(errors).toHaveLength(1);
  });

  it("says so when the folder cannot be made", async () => {
    writeFileSync(join(folder, "state"), "in the way");
    const store = await openDirectorStore(path, log);
    await expect(store.drainedWeights("kernel").write(new Map([[server, 5]]))).rejects.toMatchObject({
      code: "STORE_FAILED",
    });
    expect(errors).toHaveLength(1);
    await store.close();
  });

  it("refuses to keep a weight while the file cannot be written, and remembers what it knew", async () => {
    const store = await openDirectorStore(path, log);
    const drained = store.drainedWeights("kernel");
    await drained.write(new Map([[server, 5]]));
    const holder = new DatabaseSync(path);
    holder.exec("DROP TABLE drained_weight; PRAGMA user_version = 1");
    await expect(drained.write(new Map([[server, null]]))).rejects.toMatchObject({ code: "STORE_FAILED" });
    expect(drained.weightOf(server)).toBe(5);
    holder.close();
    await store.close();
    expect(errors).toEqual(["drained weights cannot be kept: the state file cannot be written"]);
  });

  it("narrows a file that others could read", async () => {
    const first = await openDirectorStore(path, log);
    await first.close();
    chmodSync(path, 0o644);
    const store = await openDirectorStore(path, log);
    expect((statSync(path).mode & 0o777).toString(8)).toBe("600");
    await store.close();
  });
});
