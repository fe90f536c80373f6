import { expect, test } from "vitest";
import { accesses, mayAccess, type Role } from "./roles.ts";

test("each role may what those before it may, and nobody only what is for anyone", () => {
  const may = (role: Role | null) => accesses.filter((access) => mayAccess(role, access));
  expect(may(null)).toEqual(["anyone"]);
  expect(may("viewer")).toEqual(["anyone", "viewer"]);
  expect(may("operator")).toEqual(["anyone", "viewer", "operator"]);
  expect(may("admin")).toEqual(["anyone", "viewer", "operator", "admin"]);
});

test("what is no role has no right, and what is no access is nobody's", () => {
  for (const role of ["", "root", "anyone ", "Admin", "__proto__"])
    expect(accesses.filter((access) => mayAccess(role as Role, access))).toEqual([]);
  for (const access of ["", "superuser", "constructor"]) {
    expect(mayAccess("admin", access as Role)).toBe(false);
    expect(mayAccess(null, access as Role)).toBe(false);
  }
});
