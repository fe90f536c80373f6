/** One field of what was changed: its path, and its value before and after in words; null where there was none. */
export interface ChangedField {
  /** names joined by dots; "" for a value that has no fields */
  path: string;
  before: string | null;
  after: string | null;
}

/** What is different between two JSON values, field by field, in the order of the first that has it. */
export function changedFields(before: unknown, after: unknown): ChangedField[] {
  const was = new Map(leavesOf(before, ""));
  const is = new Map(leavesOf(after, ""));
  return [...new Set([...was.keys(), ...is.keys()])]
    .map((path) => ({ path, before: was.get(path) ?? null, after: is.get(path) ?? null }))
    .filter((field) => field.before !== field.after);
}

function leavesOf(value: unknown, path: string): [path: string, text: string][] {
  if (value === null || value === undefined) return [];
  if (typeof value !== "object") return [[path, String(value)]];
  if (Array.isArray(value) && value.every((item) => item === null || typeof item !== "object")) {
    return value.length === 0 ? [] : [[path, value.join(", ")]];
  }
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, path === "" ? name : `${path}.${name}`));
}
