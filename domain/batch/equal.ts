/** Are two values of plain JSON (what specs, timeouts and daemons are) the same? A property that is undefined is one that is not there. */
export function equal(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const mine = one as Record<string, unknown>;
  const theirs = other as Record<string, unknown>;
  for (const key in mine) if (!equal(mine[key], theirs[key])) return false;
  for (const key in theirs) if (theirs[key] !== undefined && mine[key] === undefined) return false;
  return true;
}
