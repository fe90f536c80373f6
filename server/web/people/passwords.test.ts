import type { scrypt } from "node:crypto";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { hashPassword, verifyPassword } from "./passwords.ts";

const running = vi.hoisted(() => ({ now: 0, most: 0, cheap: false }));
vi.mock("node:crypto", async (original) => {
  const real = await original<typeof import("node:crypto")>();
  const counted = (...[password, salt, bytes, options, done]: Parameters<typeof scrypt>) => {
    running.most = Math.max(running.most, ++running.now);
    const given = running.cheap ? { N: 2, r: 1, p: 1 } : options;
    real.scrypt(password, salt, bytes, given, (error, key) => {
      running.now--;
      done(error, key);
    });
  };
  return { ...real, default: real, scrypt: counted };
});

beforeEach(() => {
  running.now = running.most = 0;
  running.cheap = false;
});

describe("a password's hash", () => {
  test("fits the password and no other, names its cost, and is another each time", async () => {
    const hash = await hashPassword("correct horse battery");
    expect(hash).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(hash).not.toContain("horse");
    expect(await verifyPassword({ hash, password: "correct horse battery" })).toBe(true);
    running.cheap = true;
    expect(await hashPassword("correct horse battery")).not.toBe(hash);
  });

  test("of another cost is compared at that cost", async () => {
    const hash = "scrypt$2$1$1$c2FsdA$R92pf3vOkQAM2w";
    expect(await verifyPassword({ hash, password: "anything" })).toBe(false);
    expect(await verifyPassword({ hash, password: "" })).toBe(false);
  });

  test.each(["", "$", "bcrypt$2$1$1$c2FsdA$a2V5", "plain", "scrypt$2$1$1$c2FsdA$", "scrypt$2$1$1$$"])(
    "%j fits nothing",
    async (hash) => {
      expect(await verifyPassword({ hash, password: "anything" })).toBe(false);
      expect(await verifyPassword({ hash, password: "" })).toBe(false);
    },
  );

  test("no more than two are computed at a time, whenever they come", async () => {
    running.cheap = true;
    const later: Promise<unknown>[] = [];
    const wave = Array.from({ length: 10 }, async () => {
      await hashPassword("x");
      // What comes when one has just ended must not slip in beside the one that waited.
      later.push(hashPassword("y"), hashPassword("z"));
    });
    await Promise.all(wave);
    await Promise.all(later);
    expect(running.most).toBe(2);
  });
});
