import { spawn } from "node:child_process";
import { chmodSync, chownSync, copyFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { auditFilterSchema } from "#domain/audit";
import { caller, host, password, refused, type TestPeople, testPeople } from "./people-fixture.ts";

vi.mock("./passwords.ts", async (original) => ({
  ...(await original<typeof import("./passwords.ts")>()),
  hashPassword: (await import("./people-fixture.ts")).cheapHash,
}));

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

let at: TestPeople;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  at = testPeople();
});
afterEach(async () => {
  await at.close();
  connections.length = 0;
  vi.useRealTimers();
});

const rubbish = "this is not a database, and long enough to have a header of its own ".repeat(200);
const failure = async (what: Promise<unknown>) => {
  const { code, params } = await refused(what);
  expect(code).toBe("PEOPLE_STORE_FAILED");
  return String(params["detail"]);
};
/** Long enough for a file that failed to be tried again. */
const later = () => vi.advanceTimersByTime(2001);

/** Every kind of thing that somebody may ask. */
const asked = (cookie: string): (() => Promise<unknown>)[] => [
  () => at.people.users.exist(),
  () => at.people.users.list(),
  () => at.people.users.add({ name: "new", role: "viewer", password }, host),
  () => at.people.users.setRole("ann", "viewer", host),
  () => at.people.sessions.logIn("ann", password, caller()),
  () => at.people.sessions.who(cookie),
  () => at.people.tokens.who(`ipvsc_${"A".repeat(43)}`, ""),
  () => at.people.tokens.add({ name: "t", role: "viewer", days: null }, host),
  () => at.people.audit.page({ ...auditFilterSchema.parse({}), beforeId: null, limit: 10 }),
];

describe("a file that cannot be opened", () => {
  test("is a refusal for whatever is asked, is said once, and stays as it is", async () => {
    writeFileSync(at.file, rubbish);
    for (const what of asked("ipvs-session=a.b")) expect(await failure(what())).toContain("not a database");
    expect(readFileSync(at.file, "utf8")).toBe(rubbish);
    expect(at.logged().match(/cannot be used/g)).toHaveLength(1);
  });

  test("is tried again after a while, and used once it was mended", async () => {
    await at.addUser("ann", "admin");
    const cookie = await at.logIn("ann");
    await at.people.close();
    const good = readFileSync(at.file);
    writeFileSync(at.file, rubbish);
    const next = testPeople(at.folder);
    await failure(next.people.sessions.who(cookie));
    writeFileSync(at.file, good);
    await failure(next.people.sessions.who(cookie));
    later();
    expect(await next.people.sessions.who(cookie)).toMatchObject({ name: "ann" });
    expect(next.logged()).toContain("can be used again");
    await next.people.close();
  });

  test("because of its folder, or of the key beside it", async () => {
    await at.people.users.exist();
    await at.people.close();
    const secret = readFileSync(join(at.folder, "secret"));
    writeFileSync(join(at.folder, "secret"), "short");
    const next = testPeople(at.folder);
    expect(await failure(next.people.users.exist())).toContain("is damaged");
    writeFileSync(join(at.folder, "secret"), secret);
    rmSync(at.folder, { recursive: true });
    writeFileSync(at.folder, "in the way");
    later();
    expect(await failure(next.people.users.exist())).toMatch(/EEXIST|ENOTDIR/);
    rmSync(at.folder);
    later();
    expect(await next.people.users.exist()).toBe(false);
    await next.people.close();
  });
});

describe("a file that was open", () => {
  test("and is damaged: refusals, and used again once another was put in its place", async () => {
    await at.addUser("ann", "admin");
    const cookie = await at.logIn("ann");
    const raw = at.raw();
    raw.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const backup = join(at.folder, "backup");
    copyFileSync(at.file, backup);
    const bytes = readFileSync(at.file);
    writeFileSync(at.file, bytes.fill(0xa5, 4096));
    // Another writer makes everybody read the file again.
    raw.exec("PRAGMA user_version = 1");
    for (const what of asked(cookie)) expect(await failure(what())).toMatch(/malformed|corrupt|not a database/);
    expect(at.logged().match(/cannot be used/g)).toHaveLength(1);
    renameSync(backup, at.file);
    for (const part of ["-wal", "-shm"]) rmSync(at.file + part, { force: true });
    later();
    expect(await at.people.sessions.who(cookie)).toMatchObject({ name: "ann" });
    await at.people.users.add({ name: "bob", role: "viewer", password }, host);
    // Kept in the file that is there now, not in the one that went.
    expect(new DatabaseSync(at.file).prepare("SELECT count(*) AS n FROM user").get()).toEqual({ n: 2 });
  });

  test("and was replaced by another one: that one counts, at once", async () => {
    await at.addUser("ann", "admin");
    const cookie = await at.logIn("ann");
    at.raw().exec("PRAGMA wal_checkpoint(TRUNCATE)");
    copyFileSync(at.file, join(at.folder, "backup"));
    await at.people.users.setPassword("ann", "another good one", host);
    expect(await at.people.sessions.who(cookie)).toBeNull();
    renameSync(join(at.folder, "backup"), at.file);
    for (const part of ["-wal", "-shm"]) rmSync(at.file + part, { force: true });
    expect(await at.people.sessions.who(cookie)).toMatchObject({ name: "ann" });
    const both = await Promise.all([at.people.sessions.who(cookie), at.people.users.list(), at.people.users.exist()]);
    expect(both).toMatchObject([{ name: "ann" }, [{ name: "ann" }], true]);
  });

  test("and is gone: refusals, never an empty one that anybody could set up", async () => {
    await at.addUser("ann", "admin");
    const cookie = await at.logIn("ann");
    at.raw().exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const away = `${at.folder}-away`;
    renameSync(at.folder, away);
    for (const what of asked(cookie)) expect(await failure(what())).toContain("ENOENT");
    later();
    expect(await failure(at.people.users.exist())).toContain("ENOENT");
    renameSync(away, at.folder);
    later();
    expect(await at.people.sessions.who(cookie)).toMatchObject({ name: "ann" });
  });
});

describe("a full disk", () => {
  /** The connection of the people under test takes no page more. */
  async function fill(): Promise<void> {
    await at.people.users.exist();
    const [mine] = connections;
    const pages = mine?.prepare("PRAGMA page_count").get() as { page_count: number };
    mine?.exec(`PRAGMA max_page_count = ${pages.page_count}`);
  }
  const free = () => connections[0]?.exec("PRAGMA max_page_count = 1073741823");
  const large = { doer: host, action: "table-change", target: "tcp:192.0.2.1:80", after: "x".repeat(30_000) } as const;

  test("those who are logged in stay so, and what is asked only is answered", async () => {
    await at.addUser("ann", "admin");
    const cookie = await at.logIn("ann");
    const { token } = await at.people.tokens.add({ name: "scrape", role: "viewer", days: null }, host);
    await fill();
    const ended: string[] = [];
    at.people.sessions.watch.follow(await at.who(cookie), (why) => ended.push(why));
    for (let i = 0; i < 5; i++) await at.people.audit.write({ ...large, target: `line ${i}` });
    expect(at.logged()).toContain("database or disk is full");
    expect(at.logged()).toContain("line 4");
    expect(await at.people.sessions.who(cookie)).toMatchObject({ name: "ann" });
    expect(await at.people.tokens.who(token, "192.0.2.7")).toMatchObject({ name: "scrape" });
    expect(await at.people.users.list()).toHaveLength(1);
    expect(ended).toEqual([]);
    free();
    await at.people.audit.write({ ...large, target: "kept again" });
    const { entries } = await at.people.audit.page({ ...auditFilterSchema.parse({}), beforeId: null, limit: 1 });
    expect(entries[0]?.target).toBe("kept again");
  });

  test("nothing is half done: a user who could not be kept is not there", async () => {
    await at.addUser("root", "admin");
    await fill();
    const names = Array.from({ length: 40 }, (_, i) => `user${i}`);
    const kept: string[] = [];
    for (const name of names) {
      const answer = await at.people.users.add({ name, role: "viewer", password }, host).then(
        () => kept.push(name),
        (error: { code: string }) => error.code,
      );
      if (typeof answer === "string") expect(answer).toBe("PEOPLE_STORE_FAILED");
    }
    expect(kept.length).toBeLessThan(names.length);
    const raw = at.raw();
    const users = raw.prepare("SELECT username FROM user WHERE username <> 'root' ORDER BY id").all();
    expect(users.map((row) => row["username"]).sort()).toEqual([...kept].sort());
    expect(raw.prepare("SELECT count(*) AS n FROM account").get()).toEqual({ n: kept.length + 1 });
    free();
    later();
    await at.people.users.add({ name: "later", role: "viewer", password }, host);
  });
});

describe("a folder and a file that may only be read", () => {
  test("are refused with what the system said, and used once they may be written", { timeout: 30_000 }, async () => {
    await at.addUser("root", "admin");
    await at.people.close();
    // To root nothing is read-only: somebody else looks then.
    const other = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
    const files = ["web.sqlite", "secret"].map((name) => join(at.folder, name));
    if ("uid" in other) for (const path of [at.folder, ...files]) chownSync(path, other.uid ?? 0, other.gid ?? 0);
    chmodSync(files[0] ?? "", 0o400);
    chmodSync(at.folder, 0o500);
    const script = fileURLToPath(new URL("./race-fixture.ts", import.meta.url));
    const child = spawn(process.execPath, [script, at.folder, "add", "ann"], {
      ...other,
      stdio: ["pipe", "pipe", "inherit"],
    });
    try {
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      expect((await lines.next()).value).toBe("ready");
      child.stdin.write("\n");
      expect((await lines.next()).value).toMatch(/^PEOPLE_STORE_FAILED .*(EACCES|readonly)/);
      chmodSync(files[0] ?? "", 0o600);
      chmodSync(at.folder, 0o700);
      await vi.waitFor(
        async () => {
          child.stdin.write("\n");
          expect((await lines.next()).value).toBe("done");
        },
        { timeout: 15_000, interval: 500 },
      );
      expect(statSync(files[0] ?? "").mode & 0o777).toBe(0o600);
    } finally {
      child.stdin.end();
      child.kill();
    }
  });
});
