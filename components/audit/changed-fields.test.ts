import { expect, test } from "vitest";
import { changedFields } from "./changed-fields.ts";

test("only what is different, by its path", () => {
  const before = { scheduler: "wlc", persistence: { timeoutS: 300, netmask: "255.255.255.255" }, flags: [] };
  const after = { scheduler: "wlc", persistence: { timeoutS: 600, netmask: "255.255.255.255" }, flags: ["a", "b"] };
  expect(changedFields(before, after)).toEqual([
    { path: "persistence.timeoutS", before: "300", after: "600" },
    { path: "flags", before: null, after: "a, b" },
  ]);
});

test("what was made or removed has all of its fields", () => {
  const user = { name: "bo", role: "viewer", disabled: false, loggedInAtMs: null };
  const fields = [
    ["name", "bo"],
    ["role", "viewer"],
    ["disabled", "false"],
  ] as const;
  expect(changedFields(null, user)).toEqual(fields.map(([path, after]) => ({ path, before: null, after })));
  expect(changedFields(user, null)).toEqual(fields.map(([path, before]) => ({ path, before, after: null })));
});

test("records of a list go by their number", () => {
  expect(changedFields({ servers: [{ weight: 1 }, { weight: 2 }] }, { servers: [{ weight: 1 }] })).toEqual([
    { path: "servers.2.weight", before: "2", after: null },
  ]);
});

test("a list of one is that one", () => {
  const weights = (...all: number[]) => all.map((weight) => ({ verb: "set-weight", weight }));
  const field = { path: "weight", before: "1", after: "2" };
  expect(changedFields(weights(1), weights(2))).toEqual([field]);
  expect(changedFields(weights(1, 5), weights(2, 5))).toEqual([{ ...field, path: "1.weight" }]);
  expect(changedFields([null], weights(2)).map(({ path }) => path)).toEqual(["verb", "weight"]);
  expect(changedFields([null, null], weights(2, 3)).map(({ path }) => path)).toContain("2.weight");
});

test("a value without fields stands for itself, and two that are alike differ in nothing", () => {
  expect(changedFields("viewer", "admin")).toEqual([{ path: "", before: "viewer", after: "admin" }]);
  expect(changedFields(0, "")).toEqual([{ path: "", before: "0", after: "" }]);
  expect(changedFields({ a: { b: 1 } }, { a: { b: 1 } })).toEqual([]);
  expect(changedFields(null, undefined)).toEqual([]);
});
