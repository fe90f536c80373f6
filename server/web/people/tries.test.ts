import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ErrorCode } from "#domain/errors";
import { caller, host, password, refused, type TestPeople, testPeople } from "./people-fixture.ts";
import { Tries } from "./tries.ts";

const verified = vi.hoisted(() => ({ count: 0 }));
vi.mock("./passwords.ts", async (original) => {
  const real = await original<typeof import("./passwords.ts")>();
  return {
    hashPassword: async (text: string) => {
      verified.count++;
      return (await import("./people-fixture.ts")).cheapHash(text);
    },
    verifyPassword: (given: Parameters<typeof real.verifyPassword>[0]) => {
      verified.count++;
      return real.verifyPassword(given);
    },
  };
});

const home = "198.51.100.7";
const stranger = "203.0.113.66";
let at: TestPeople;
beforeEach(async () => {
  at = testPeople();
  await at.addUser("ann");
  verified.count = 0;
});
afterEach(() => at.close());

const guess = (name: string, from: string, text = "not the password") =>
  refused(at.people.sessions.logIn(name, text, caller({ from })));

function tally(codes: readonly ErrorCode[]): Partial<Record<ErrorCode, number>> {
  const counts: Partial<Record<ErrorCode, number>> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

describe("log-in", () => {
  test("ten wrong ones for one account, wherever they come from, then the right one is refused too", async () => {
    const codes: ErrorCode[] = [];
    for (let i = 0; i < 12; i++) codes.push((await guess("ann", `203.0.113.${i}`)).code);
    expect(tally(codes)).toEqual({ WRONG_CREDENTIALS: 10, TOO_MANY_TRIES: 2 });
    const right = await guess("ann", "203.0.113.99", password);
    expect(right.code).toBe("TOO_MANY_TRIES");
    expect(right.params["retryAfterS"]).toBeGreaterThan(14 * 60);
    expect(right.params["retryAfterS"]).toBeLessThanOrEqual(15 * 60);
    expect(verified.count).toBe(10);
  });

  test("a name that nobody has is counted and answered the same way", async () => {
    const [known, unknown] = [[], []] as [ErrorCode[], ErrorCode[]];
    for (let i = 0; i < 12; i++) {
      known.push((await guess("ann", `203.0.113.${i}`)).code);
      unknown.push((await guess("nobody", `203.0.113.${i}`)).code);
    }
    expect(unknown).toEqual(known);
    // A hash is computed for it as for one that exists: how long the answer takes tells nothing.
    expect(verified.count).toBe(20);
  });

  test("spelling the name in another way is no other account", async () => {
    const spellings = ["ann", "ANN", " ann", "Ann ", "aNN", "ann\t", "\u00a0ann"];
    for (let i = 0; i < 14; i++) await guess(spellings[i % spellings.length] ?? "", `203.0.113.${i}`);
    expect(verified.count).toBe(10);
  });

  test("thirty wrong ones from one address, for whatever accounts", async () => {
    const codes: ErrorCode[] = [];
    for (let i = 0; i < 35; i++) codes.push((await guess(`user${i}`, stranger)).code);
    expect(tally(codes)).toEqual({ WRONG_CREDENTIALS: 30, TOO_MANY_TRIES: 5 });
    expect((await guess("ann", stranger, password)).code).toBe("TOO_MANY_TRIES");
    await at.logIn("ann", home);
  });

  test("an IPv6 address counts by its /64, and an IPv4 address written as IPv6 as itself", async () => {
    for (let i = 0; i < 30; i++) await guess(`user${i}`, `2001:db8:1:2:${i.toString(16)}::${i}`);
    expect((await guess("ann", "2001:db8:1:2:ffff::1", password)).code).toBe("TOO_MANY_TRIES");
    await at.logIn("ann", "2001:db8:1:3::1");
  });

  test("fifty at once get no more than ten compared", async () => {
    const codes = await Promise.all(
      Array.from({ length: 50 }, async (_, i) => (await guess("ann", `203.0.113.${i}`)).code),
    );
    expect(tally(codes)).toEqual({ WRONG_CREDENTIALS: 10, TOO_MANY_TRIES: 40 });
    expect(verified.count).toBe(10);
  });

  test("fifty at once from one address get no more than thirty", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => guess(`user${i}`, stranger)));
    expect(verified.count).toBe(30);
  });

  test("a right one gives back its account's tries, and of its address only its own", async () => {
    for (let i = 0; i < 9; i++) await guess("ann", stranger);
    await at.logIn("ann", stranger);
    verified.count = 0;
    for (let i = 0; i < 30; i++) await guess(i < 10 ? "ann" : `user${i}`, stranger);
    // 9 before and 21 now: who knows one password does not get to guess at others for ever.
    expect(verified.count).toBe(21);
  });

  test("a stranger's guesses do not lock the owner out where they logged in before", async () => {
    await at.logIn("ann", home);
    for (let i = 0; i < 12; i++) await guess("ann", `203.0.113.${i}`);
    expect((await guess("ann", stranger, password)).code).toBe("TOO_MANY_TRIES");
    await at.logIn("ann", home);
    // The same for guesses from there: they are counted too.
    const codes: ErrorCode[] = [];
    for (let i = 0; i < 12; i++) codes.push((await guess("ann", home)).code);
    expect(tally(codes)).toEqual({ WRONG_CREDENTIALS: 10, TOO_MANY_TRIES: 2 });
  });

  test("only a log-in that succeeded makes an address known", async () => {
    await guess("ann", stranger);
    for (let i = 0; i < 12; i++) await guess("ann", `203.0.113.${i}`);
    expect((await guess("ann", stranger, password)).code).toBe("TOO_MANY_TRIES");
  });

  test("after a quarter of an hour it begins anew", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    try {
      for (let i = 0; i < 12; i++) await guess("ann", `203.0.113.${i}`);
      vi.advanceTimersByTime(15 * 60_000 - 1000);
      expect((await guess("ann", stranger, password)).code).toBe("TOO_MANY_TRIES");
      vi.advanceTimersByTime(2000);
      await at.logIn("ann", stranger);
    } finally {
      vi.useRealTimers();
    }
  });

  test("a file that could not take the session does not use up its owner's tries", async () => {
    const raw = at.raw();
    raw.exec("CREATE TRIGGER full BEFORE INSERT ON session BEGIN SELECT RAISE(ABORT, 'disk full'); END");
    for (let i = 0; i < 12; i++) expect((await guess("ann", home, password)).code).toBe("PEOPLE_STORE_FAILED");
    raw.exec("DROP TRIGGER full");
    await at.logIn("ann", home);
  });

  test("a disabled user who knows the password gets no more tries than others", async () => {
    await at.addUser("root", "admin");
    await at.people.users.setDisabled("ann", true, host);
    const codes: ErrorCode[] = [];
    for (let i = 0; i < 12; i++) codes.push((await guess("ann", `203.0.113.${i}`, password)).code);
    expect(tally(codes)).toEqual({ USER_DISABLED: 10, TOO_MANY_TRIES: 2 });
  });
});

describe("Tries", () => {
  test("without an account only the address counts, and what succeeded is given back", async () => {
    const tries = new Tries();
    for (let i = 0; i < 40; i++) await (await tries.begin(stranger, null))();
    for (let i = 0; i < 30; i++) await tries.begin(stranger, null);
    expect(await refused(tries.begin(stranger, null))).toMatchObject({
      code: "TOO_MANY_TRIES",
      params: { retryAfterS: expect.any(Number) },
    });
    await tries.begin(home, null);
  });

  test("an account whose name looks like an address is not that address", async () => {
    const tries = new Tries();
    for (let i = 0; i < 10; i++) await tries.begin(`192.0.2.${i}`, stranger);
    expect((await refused(tries.begin("192.0.2.99", stranger))).code).toBe("TOO_MANY_TRIES");
    await tries.begin(stranger, null);
  });
});
