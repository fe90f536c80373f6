import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestPeople, testPeople } from "./people-fixture.ts";

const script = fileURLToPath(new URL("./race-fixture.ts", import.meta.url));
let at: TestPeople;
beforeEach(async () => {
  at = testPeople();
});
afterEach(() => at.close());

/** Two processes that open the same file and act once both are ready. What each said, sorted. */
async function race(...acts: [verb: string, name: string][]): Promise<string[]> {
  const runners = acts.map((act) => {
    const child = spawn(process.execPath, [script, at.folder, ...act], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const said = async () => (await lines.next()).value as string | undefined;
    return { child, said };
  });
  try {
    for (const { said } of runners) expect(await said()).toBe("ready");
    for (const { child } of runners) child.stdin.write("g");
    return (await Promise.all(runners.map(({ said }) => said().then(String)))).sort();
  } finally {
    for (const { child } of runners) child.kill();
  }
}

const users = () => at.raw().prepare("SELECT username, role, disabled FROM user ORDER BY username").all();
const accounts = () => at.raw().prepare("SELECT count(*) AS n FROM account").get();

describe("two processes at once, of which exactly one succeeds", () => {
  test("the first admin", { timeout: 30_000 }, async () => {
    await at.people.users.exist();
    expect(await race(["add-first", "ann"], ["add-first", "bob"])).toEqual(["SETUP_OVER", "done"]);
    expect(users()).toHaveLength(1);
    expect(accounts()).toEqual({ n: 1 });
  });

  test("a name that both want", { timeout: 30_000 }, async () => {
    expect(await race(["add", "ann"], ["add", "ann"])).toEqual(["USER_EXISTS", "done"]);
    expect(users()).toHaveLength(1);
    expect(accounts()).toEqual({ n: 1 });
  });

  test.each(["demote", "disable", "remove"])(
    "each takes the other admin's place by %s",
    { timeout: 30_000 },
    async (verb) => {
      await at.addUser("ann", "admin");
      await at.addUser("bob", "admin");
      expect(await race([verb, "ann"], [verb, "bob"])).toEqual(["LAST_ADMIN", "done"]);
      const admins = at.raw().prepare("SELECT count(*) AS n FROM user WHERE role = 'admin' AND disabled = 0").get();
      expect(admins).toEqual({ n: 1 });
    },
  );
});
