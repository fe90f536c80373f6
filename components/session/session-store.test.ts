import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Me } from "#domain/people";
import { SessionStore } from "./session-store.ts";

const at = 1_000_000;
const me: Me = {
  name: "kim",
  role: "operator",
  userId: "u1",
  sessionId: "s1",
  idleEndsAtMs: at + 30_000,
  endsAtMs: at + 60_000,
  provedUntilMs: at,
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(at);
});
afterEach(() => void vi.useRealTimers());

/** A store and how often it told something. */
function open(serverNowMs = at) {
  const session = new SessionStore(me, serverNowMs);
  const told = vi.fn();
  session.onChange(told);
  return { session, told };
}

describe("SessionStore", () => {
  test("the first reason stands: what is refused afterwards only follows from it", () => {
    const { session, told } = open();
    session.ended("password");
    session.refused({ code: "NOT_LOGGED_IN", params: {} });
    session.ended("expired");
    session.seen(null);
    expect(session.status()).toEqual({ kind: "over", end: "password" });
    expect(told).toHaveBeenCalledTimes(1);
  });

  test("a refusal says only that it is over; why, the clock may know", () => {
    const ends = [0, 30_000, 60_000].map((laterMs) => {
      const { session } = open();
      vi.setSystemTime(at + laterMs);
      session.refused({ code: "NOT_LOGGED_IN", params: {} });
      vi.setSystemTime(at);
      return session.status();
    });
    expect(ends).toEqual([
      { kind: "over", end: null },
      { kind: "over", end: "idle" },
      { kind: "over", end: "expired" },
    ]);
  });

  test("another refusal is none of its business", () => {
    const { session, told } = open();
    session.refused({ code: "ROLE_TOO_SMALL", params: { role: "admin" } });
    session.refused({ code: "UNREACHABLE", params: {} });
    expect(session.status().kind).toBe("open");
    expect(told).not.toHaveBeenCalled();
  });

  test("the same person with the same role goes on, in a new session", () => {
    const { session } = open();
    session.ended("idle");
    const again = { ...me, sessionId: "s2", idleEndsAtMs: at + 99_000 };
    session.seen(again);
    expect(session.status()).toEqual({ kind: "open" });
    expect(session.me()).toBe(again);
    expect(session.limits().idleEndsAtMs).toBe(at + 99_000);
  });

  test.each([
    ["another role", { role: "viewer" as const }],
    ["another person of the same role", { userId: "u2", name: "lee" }],
  ])("%s is not who the page was made for", (_, other) => {
    for (const before of ["open", "over"]) {
      const { session } = open();
      if (before === "over") session.ended("role");
      session.seen({ ...me, ...other });
      expect(session.status()).toEqual({ kind: "changed", me: { ...me, ...other } });
      expect(session.me()).toBe(me);
    }
  });

  test("limits are told by this browser's clock", () => {
    const { session } = open(at - 5000);
    expect(session.limits()).toEqual({ idleEndsAtMs: at + 35_000, endsAtMs: at + 65_000 });
  });

  test("what is done in another tab counts for this one, and renders nothing that asks who it is", () => {
    const { session, told } = open();
    session.touched("another session", { idleEndsAtMs: at + 50_000, endsAtMs: at + 60_000 });
    expect(told).not.toHaveBeenCalled();
    session.touched("s1", { idleEndsAtMs: at + 50_000, endsAtMs: at + 60_000 });
    session.touched("s1", { idleEndsAtMs: at + 40_000, endsAtMs: at + 60_000 });
    expect(session.limits().idleEndsAtMs).toBe(at + 50_000);
    expect(told).toHaveBeenCalledTimes(1);
    expect(session.me()).toBe(me);
  });

  test("who logs out here is not told that they did", () => {
    const { session } = open();
    session.leave();
    session.ended("logged-out");
    session.refused({ code: "NOT_LOGGED_IN", params: {} });
    expect(session.status()).toEqual({ kind: "leaving" });
    session.stay();
    expect(session.status()).toEqual({ kind: "open" });
  });
});
