import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Change } from "#domain/change";
import type { Revision } from "#domain/revision";
import { parseRules } from "#domain/rules/parse";
import { planRules } from "#domain/rules/plan";
import type { ReadyStatement } from "#domain/rules/statement";
import { loadAddon } from "#server/director/addon";
import { MemoryDrainedWeights } from "#server/director/contract/memory-drained-weights";
import { refusal } from "#server/director/contract/subject";
import { KernelIpvs } from "#server/director/kernel";
import { LocalDirector } from "#server/director/local";
import { RemoteDirector } from "#server/director/remote";
import { tagOfRecords } from "#server/director/table-tag";
import { openDirectorStore } from "#server/store/director-store";
import { type RunningProcess, startProcess } from "../product.ts";

const run = promisify(execFile);
const killedDirector = fileURLToPath(new URL("killed-director.ts", import.meta.url));

/** 50 services with 9 servers each: 500 lines. The two tables share some rows, differ in others, and each has some of its own. */
function rules(version: "old" | "new"): string {
  const isNew = version === "new";
  return Array.from({ length: 50 }, (_, at) => {
    const port = isNew && at % 5 === 4 ? 2000 + at : 1000 + at;
    const service = at % 7 === 6 ? `-f ${port}` : `-t 127.0.50.1:${port}`;
    const servers = Array.from({ length: 9 }, (_, one) => {
      const host = isNew && one === 3 ? 100 : one + 1;
      const weight = isNew && one % 2 === 0 ? 50 + one : one;
      return `-a ${service} -r 127.0.51.${host}:80 -m -w ${weight}${one === 5 ? " -x 900 -y 9" : ""}\n`;
    });
    return `-A ${service} -s ${isNew && at % 3 === 0 ? "wrr" : "rr"}${at % 4 === 0 ? " -p 100" : ""}\n${servers.join("")}`;
  }).join("");
}

const saved = () => execFileSync("ipvsadm", ["-Sn"], { encoding: "utf8" }).split("\n").sort().join("\n");
const statements = (text: string) => parseRules(text).statements as ReadyStatement[];

let folder: string;
let ipvs: KernelIpvs;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "batch-"));
  ipvs = new KernelIpvs(loadAddon(), { timeoutMs: 20_000 });
  execFileSync("ipvsadm", ["-C"]);
});

afterEach(() => {
  ipvs.close();
  execFileSync("ipvsadm", ["-C"]);
  rmSync(folder, { recursive: true, force: true });
});

async function localDirector(): Promise<LocalDirector> {
  return new LocalDirector({ ipvs, drained: new MemoryDrainedWeights() });
}

/** The kernel has the old table; what turns it into the new one, and both as ipvsadm saves them. */
async function oldAndNew(): Promise<{ changes: Change[]; old: string; new: string }> {
  const director = await localDirector();
  const to = async (version: "old" | "new") => {
    const plan = planRules(await director.table(), statements(rules(version)), "replace");
    const changes = plan.changes.map(({ change }) => change);
    await director.apply(changes, { records: false });
    return { changes, saved: saved() };
  };
  const first = await to("old");
  const second = await to("new");
  await ipvs.write([{ command: "flush" }]);
  await director.apply(first.changes, { records: false });
  await director.stop();
  expect(saved()).toBe(first.saved);
  return { changes: second.changes, old: first.saved, new: second.saved };
}

describe("a director that is killed in the middle of a replace", { timeout: 300_000 }, () => {
  /** Finishes in this process what the killed one left, and tells the revisions, newest first. */
  async function restart(): Promise<Revision[]> {
    const log = { info: () => {}, error: () => {} };
    const store = await openDirectorStore(join(folder, "director.sqlite"), log);
    const director = new LocalDirector({
      ...{ ipvs, log, drained: store.drainedWeights("kernel"), memory: store.memory("kernel") },
    });
    await director.start();
    const revisions = await director.revisions({ limit: 10 });
    await director.stop();
    await store.close();
    return revisions;
  }

  async function killed(after: number, changesFile: string): Promise<void> {
    const child = spawn(
      process.execPath,
      [killedDirector, join(folder, "director.sqlite"), String(after), changesFile],
      {
        stdio: ["ignore", "ignore", "inherit"],
      },
    );
    const [, signal] = await once(child, "exit");
    expect(signal).toBe("SIGKILL");
  }

  test("leaves the old table or the new one, never one between, and the log says which", async () => {
    const tables = await oldAndNew();
    const changesFile = join(folder, "changes.json");
    writeFileSync(changesFile, JSON.stringify(tables.changes));
    const total = tables.changes.length;
    expect(total).toBeGreaterThan(250);
    const moments = [1, 2, ...Array.from({ length: 8 }, (_, at) => Math.floor(((at + 1) * total) / 9)), total - 1];
    for (const after of moments) {
      rmSync(join(folder, "director.sqlite"), { force: true });
      await killed(after, changesFile);
      const between = saved();
      expect([tables.old, tables.new]).not.toContain(between);
      const revisions = await restart();
      expect(saved()).toBe(tables.old);
      expect(revisions).toMatchObject([{ outcome: "undone", left: [] }]);
      expect(revisions[0]?.after).toBe(revisions[0]?.before);
    }
    // Killed once all of it was there: it stays.
    await killed(total, changesFile);
    expect(await restart()).toMatchObject([{ outcome: "done", left: [] }, { outcome: "undone" }]);
    expect(saved()).toBe(tables.new);
  });

  test("undoes it as well when it is killed again while it undoes", async () => {
    const tables = await oldAndNew();
    const changesFile = join(folder, "changes.json");
    writeFileSync(changesFile, JSON.stringify(tables.changes));
    await killed(Math.floor(tables.changes.length / 2), changesFile);
    await killed(60, "-");
    await killed(1, "-");
    expect(saved()).not.toBe(tables.old);
    expect(await restart()).toMatchObject([{ outcome: "undone", left: [] }]);
    expect(saved()).toBe(tables.old);
  });

  test("leaves rows that ipvsadm moved meanwhile as they are, and names them", async () => {
    const tables = await oldAndNew();
    const changesFile = join(folder, "changes.json");
    writeFileSync(changesFile, JSON.stringify(tables.changes));
    await killed(tables.changes.length - 5, changesFile);
    execFileSync("ipvsadm", ["-e", "-t", "127.0.50.1:1000", "-r", "127.0.51.1:80", "-m", "-w", "77"]);
    const [revision] = await restart();
    expect(revision).toMatchObject({ outcome: "undone", left: ["tcp:127.0.50.1:1000>127.0.51.1:80"] });
    const now = saved().split("\n");
    const off = now.filter((line) => !tables.old.split("\n").includes(line));
    expect(off).toEqual(["-a -t 127.0.50.1:1000 -r 127.0.51.1:80 -m -w 77"]);
  });
});

test("a refusal in the middle leaves the table as it was, and says which change it was", {
  timeout: 60_000,
}, async () => {
  const tables = await oldAndNew();
  const director = await localDirector();
  const middle = Math.floor(tables.changes.length / 2);
  const refused: Change = {
    verb: "add-server",
    service: { kind: "address", protocol: "tcp", address: "127.0.50.1", port: 1000 },
    server: {
      ...{ address: "127.255.255.255", port: 80, forward: "nat", weight: 1 },
      ...{ upperThreshold: 0, lowerThreshold: 0, tunnel: null },
    },
  };
  const shape = await refusal(director.apply(tables.changes.toSpliced(middle, 0, refused)));
  expect(shape).toMatchObject({ code: "REFUSED", changeIndex: middle });
  await director.stop();
  expect(saved()).toBe(tables.old);
});

describe("the director process", { timeout: 120_000 }, () => {
  let running: RunningProcess | null = null;
  let remote: RemoteDirector;

  const start = async () => {
    running = await startProcess("director", folder, { DIRECTOR: "kernel" });
  };
  const kill = async () => {
    if (!running) return;
    const ended = once(running.child, "exit");
    running.child.kill("SIGKILL");
    await ended;
    running = null;
  };
  const until = async (what: () => Promise<boolean>) => {
    for (let tries = 0; tries < 150 && !(await what()); tries++) await new Promise((go) => setTimeout(go, 200));
    expect(await what()).toBe(true);
  };

  beforeEach(() => {
    remote = new RemoteDirector(join(folder, "run", "director.sock"));
  });
  afterEach(async () => {
    await remote.close();
    await running?.stop();
    running = null;
  });

  test("killed at any moment of a batch of thousands, leaves all of it or nothing", async () => {
    const many = Array.from({ length: 8000 }, (_, at): Change => {
      const service = { kind: "address", protocol: "tcp", address: "127.0.60.1", port: 1 + at } as const;
      const spec = { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null };
      return { verb: "add-service", service, spec };
    });
    for (const moments of [1, 3, 6]) {
      await start();
      const lost = remote.apply(many, { jobId: "job", records: false }).catch((error: Error) => error);
      let seen = 0;
      while (seen < moments) {
        const progress = await remote.progress("job").catch(() => null);
        if (progress && progress.done > 0) seen++;
        if (progress === null && (await remote.table()).length > 0) break;
      }
      await kill();
      await lost;
      await start();
      const left = (await remote.table()).length;
      expect([0, 8000]).toContain(left);
      const [revision] = await remote.revisions({ limit: 1 });
      expect(revision?.outcome).toBe(left === 0 ? "undone" : "done");
      await remote.clear();
      await kill();
    }
  });

  test("of two replaces for one table lets one win, and tells the other", async () => {
    await start();
    const tables = await oldAndNew();
    const ifTable = tagOfRecords(await remote.table());
    const answers = await Promise.allSettled([
      remote.apply(tables.changes, { ifTable }),
      remote.apply(tables.changes, { ifTable }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(answers.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "CONFLICT" } });
    expect(saved()).toBe(tables.new);
  });

  test.each([
    ["comes back by itself", 0],
    ["comes back at once when its time is over by then", 7000],
  ])("an unconfirmed table, over kill -9: the old one %s", async (_name, downMs) => {
    await start();
    const tables = await oldAndNew();
    const { revision, confirmBy } = await remote.apply(tables.changes, { confirmS: 6, records: false });
    expect(saved()).toBe(tables.new);
    await kill();
    await new Promise((go) => setTimeout(go, downMs));
    await start();
    if (Date.now() < (confirmBy ?? 0) - 1000) expect(await remote.pending()).toMatchObject({ revision, confirmBy });
    await until(async () => (await remote.pending()) === null);
    expect(Date.now()).toBeGreaterThanOrEqual(confirmBy ?? Number.POSITIVE_INFINITY);
    expect(saved()).toBe(tables.old);
    expect((await remote.revision(revision ?? 0)).outcome).toBe("put-back");
  });

  test("a confirmed table stays, over kill -9", async () => {
    await start();
    const tables = await oldAndNew();
    const { revision, confirmBy } = await remote.apply(tables.changes, { confirmS: 5, records: false });
    await remote.confirm(revision ?? 0);
    await kill();
    await start();
    await new Promise((go) => setTimeout(go, Math.max(0, (confirmBy ?? 0) - Date.now()) + 1000));
    expect(saved()).toBe(tables.new);
    expect(await remote.pending()).toBeNull();
  });

  test("what ipvsadm does in a shell becomes a revision from outside, while the director runs and while it does not", async () => {
    await start();
    const { revision } = await remote.apply([
      {
        ...{ verb: "add-service", service: { kind: "fwmark", family: 4, mark: 7 } },
        spec: { scheduler: "rr", schedulerFlags: [], persistence: null, onePacket: false, engine: null },
      },
    ]);
    const watching = new AbortController();
    const watched = (async () => {
      for await (const _ of remote.samples("test", watching.signal)) {
      }
    })();
    await run("ipvsadm", ["-A", "-u", "127.0.7.9:53", "-s", "rr"]);
    await until(async () => (await remote.revisions({ limit: 1 }))[0]?.by.source === "outside");
    const [first] = await remote.revisions({ limit: 1 });
    expect(await remote.revision(first?.id ?? 0)).toMatchObject({
      beforeText: "-A -f 7 -s rr\n",
      afterText: "-A -u 127.0.7.9:53 -s rr\n-A -f 7 -s rr\n",
    });
    watching.abort();
    await watched;
    await kill();
    await run("ipvsadm", ["-D", "-f", "7"]);
    await start();
    const [second, , own] = await remote.revisions({ limit: 3 });
    expect(second).toMatchObject({ by: { source: "outside" }, before: first?.after });
    expect(own?.id).toBe(revision);
  });
});
