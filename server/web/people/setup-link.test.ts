import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { CodedError } from "#domain/errors";
import { setupLinkMs } from "#domain/people";
import { SetupLink } from "./setup-link.ts";

let folder: string;
let path: string;
let now: number;
let link: SetupLink;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  folder = mkdtempSync(join(tmpdir(), "setup-link-"));
  path = join(folder, "setup-link");
  now = 1000;
  link = new SetupLink(path, () => now);
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

const tokenOf = (text: string) => new URLSearchParams(new URL(text).hash.slice(1)).get("token") ?? "";

function refusal(token: string): string {
  try {
    link.check(token);
    return "taken";
  } catch (error) {
    return error instanceof CodedError ? error.code : String(error);
  }
}

describe("the set-up link", () => {
  test("carries 256 random bits where no server sees them, and stands in a file for its owner only", () => {
    const made = link.make("http://127.0.0.1:3000");
    expect(made).toMatch(/^http:\/\/127\.0\.0\.1:3000\/setup#token=[\w-]{43}$/);
    expect(readFileSync(path, "utf8")).toBe(`${made}\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(tokenOf(link.make("http://127.0.0.1:3000"))).not.toBe(tokenOf(made));
  });

  test("is taken as often as it is checked until it ends, and then no more", () => {
    const token = tokenOf(link.make("http://x"));
    expect([refusal(token), refusal(token)]).toEqual(["taken", "taken"]);
    link.end();
    expect(refusal(token)).toBe("SETUP_LINK_WRONG");
    expect(existsSync(path)).toBe(false);
  });

  test.each(["", "x", "A".repeat(43), "é".repeat(100), "A".repeat(100_000)])("is not %.20j", (token) => {
    link.make("http://x");
    expect(refusal(token)).toBe("SETUP_LINK_WRONG");
  });

  test("that was never made is wrong, whatever is given", () => {
    expect([refusal(""), refusal("undefined"), refusal("null")]).toEqual(Array(3).fill("SETUP_LINK_WRONG"));
  });

  test("is late after fifteen minutes, which only who has it is told", () => {
    const token = tokenOf(link.make("http://x"));
    now += setupLinkMs - 1;
    expect(refusal(token)).toBe("taken");
    now += 1;
    expect(refusal(token)).toBe("SETUP_LINK_LATE");
    expect(refusal("x")).toBe("SETUP_LINK_WRONG");
  });

  test("a new one ends the former, in its file too", () => {
    const former = tokenOf(link.make("http://x"));
    const made = link.make("http://x");
    expect(refusal(former)).toBe("SETUP_LINK_WRONG");
    expect(refusal(tokenOf(made))).toBe("taken");
    expect(readFileSync(path, "utf8")).toBe(`${made}\n`);
  });

  test("its file goes after fifteen minutes, counted from the newest", () => {
    link.make("http://x");
    vi.advanceTimersByTime(setupLinkMs - 1000);
    link.make("http://x");
    vi.advanceTimersByTime(setupLinkMs - 1);
    expect(existsSync(path)).toBe(true);
    vi.advanceTimersByTime(1);
    expect(existsSync(path)).toBe(false);
  });

  test("is never written where somebody else's file or link points to", () => {
    const elsewhere = join(folder, "elsewhere");
    writeFileSync(elsewhere, "mine");
    symlinkSync(elsewhere, path);
    link.make("http://x");
    expect(readFileSync(elsewhere, "utf8")).toBe("mine");
    rmSync(path);
    writeFileSync(path, "left over");
    chmodSync(path, 0o644);
    link.make("http://x");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("a file that cannot be removed stops neither the process nor what ends the link", () => {
    const token = tokenOf(link.make("http://x"));
    // Fails for root too, as a disk does that was mounted read-only meanwhile.
    rmSync(folder, { recursive: true });
    writeFileSync(folder, "not a folder any more");
    expect(() => vi.advanceTimersByTime(setupLinkMs)).not.toThrow();
    link.end();
    expect(refusal(token)).toBe("SETUP_LINK_WRONG");
  });
});
