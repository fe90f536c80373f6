/**
 * What a person or a token may do, each including those before it. Plain values, apart from domain/people.ts, because a
 * schema would bring its validator into every page.
 */
export const roles = ["viewer", "operator", "admin"] as const;
export type Role = (typeof roles)[number];

/** What a procedure, a page or a route asks of who calls it; `anyone` needs no log-in. */
export const accesses = ["anyone", ...roles] as const;
export type Access = (typeof accesses)[number];

/** Whether somebody with this role, or nobody, may have what asks for `access`. A role or an access that is none: no. */
export function mayAccess(role: Role | null, access: Access): boolean {
  const asked = accesses.indexOf(access);
  return asked >= 0 && accesses.indexOf(role ?? "anyone") >= asked;
}
