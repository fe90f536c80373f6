import { expect, test, vi } from "vitest";
import type { Role } from "#domain/people";
import type { WebContext } from "../context.ts";
import { streamRefusal } from "./stream-access.ts";

const asked = (role: Role | null) => ({ who: vi.fn(async () => role && { role }) as unknown as WebContext["who"] });

test.each<[string, Role | null, number | null]>([
  ["live.stream", null, 401],
  ["live.stream", "viewer", null],
  ["live%2Estream", null, 401],
  ["session.state,live.stream", null, 401],
  ["session.state,live.stream", "admin", null],
])("%s, asked for by %s: %s", async (name, role, status) => {
  expect(await streamRefusal(`/api/trpc/${name}`, asked(role))).toBe(status);
});

test("nobody is looked up for a call that is no stream", async () => {
  const context = asked(null);
  for (const name of ["session.state", "table.change", "live.setView", "constructor", "", "live.stream/"])
    expect(await streamRefusal(`/api/trpc/${name}`, context)).toBeNull();
  expect(context.who).not.toHaveBeenCalled();
});

test("while nobody can be known, nobody has a stream", async () => {
  const who = () => Promise.reject(new Error("the file of users cannot be read"));
  expect(await streamRefusal("/api/trpc/live.stream", { who })).toBe(401);
});
