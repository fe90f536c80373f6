import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { caller, host, password, refused, type TestPeople, testPeople } from "./people-fixture.ts";

const comparing = vi.hoisted(() => ({ begun: () => {}, goOn: Promise.resolve() }));
vi.mock("./passwords.ts", async (original) => {
  const real = await original<typeof import("./passwords.ts")>();
  return {
    hashPassword: (await import("./people-fixture.ts")).cheapHash,
    verifyPassword: async (given: Parameters<typeof real.verifyPassword>[0]) => {
      const right = await real.verifyPassword(given);
      comparing.begun();
      await comparing.goOn;
      return right;
    },
  };
});

let at: TestPeople;
beforeEach(() => {
  at = testPeople();
});
afterEach(() => at.close());

/** Logs in with the password as it is, while `change` happens before the comparison is done. */
async function logInWhile(change: () => Promise<unknown>): Promise<string> {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  comparing.begun = begun.resolve;
  comparing.goOn = goOn.promise;
  const answer = refused(at.people.sessions.logIn("ann", password, caller()));
  await begun.promise;
  await change();
  goOn.resolve();
  return (await answer).code;
}

const sessions = () => at.raw().prepare("SELECT count(*) AS n FROM session").get() as { n: number };

test("a password that was right when the log-in began makes no session once another was set", async () => {
  const id = await at.addUser("ann");
  expect(await logInWhile(() => at.people.users.setPassword(id, "another good one", host))).toBe("WRONG_CREDENTIALS");
  expect(sessions().n).toBe(0);
});

test("nor does one of a user who was disabled or removed meanwhile", async () => {
  const id = await at.addUser("ann");
  expect(await logInWhile(() => at.people.users.setDisabled(id, true, host))).toBe("USER_DISABLED");
  expect(sessions().n).toBe(0);
  await at.people.users.setDisabled(id, false, host);
  expect(await logInWhile(() => at.people.users.remove(id, host))).toMatch(/^(WRONG_CREDENTIALS|USER_DISABLED)$/);
  expect(sessions().n).toBe(0);
});
