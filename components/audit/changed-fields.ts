/** One field of what was changed: its path, and its value before and after in words; null where there was none. */
export interface ChangedField {
  /** names joined by dots; "" for a value that has no fields */
  path: string;
  before: string | null;
  after: string | null;
}

/**
 * What is different between two JSON values, field by field, in the order of the first that has it. Items of a list go by
 * their number, from 1; a list of one is that one.
 */
export function changedFields(before: unknown, after: unknown): ChangedField[] {
  const single = [before, after].every((value) => !Array.isArray(value) || value.length < 2);
  const [was, is] = [before, after].map(
    (value) => new Map(leavesOf(single && Array.isArray(value) ? value[0] : value)),
  );
  if (!was || !is) return [];
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((field) => field.before !== field.after);
}

function leavesOf(value: unknown, path = ""): [path: string, text: string][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [[path, String(value)]];
  if (Array.isArray(value) && value.every((item) => item === null || typeof item !== "object")) {
    return value.length === 0 ? [] : [[path, value.join(", ")]];
  }
  const named = Array.isArray(value) ? value.map((item, index) => [index + 1, item] as const) : Object.entries(value);
  return named.flatMap(([name, inner]) => leavesOf(inner, path === "" ? String(name) : `${path}.${name}`));
}
