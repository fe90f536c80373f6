/** One field of a record in which what they made of it, or what you would make of it, is not what you saw. */
export interface Difference<Field extends string> {
  field: Field;
  seen: FieldValue;
  theirs: FieldValue;
  yours: FieldValue;
  /** both changed it, to different values: one of the two gets lost */
  clashes: boolean;
}

export type FieldValue = string | boolean | readonly string[];
type Values<Field extends string> = { [F in Field]: FieldValue };

/** Field by field, three versions of one record: as you saw it, as it is now, as you typed it. */
export function differences<Field extends string>(
  fields: readonly Field[],
  seen: Values<Field>,
  theirs: Values<Field>,
  yours: Values<Field>,
): Difference<Field>[] {
  return fields
    .map((field) => {
      const [was, is, typed] = [seen[field], theirs[field], yours[field]];
      return {
        field,
        seen: was,
        theirs: is,
        yours: typed,
        clashes: !same(was, is) && !same(was, typed) && !same(is, typed),
      };
    })
    .filter(({ seen: was, theirs: is, yours: typed }) => !same(was, is) || !same(was, typed));
}

/** Your changes on top of theirs: a field that you left as you saw it follows them. */
export function rebase<V extends { [F in keyof V]: FieldValue }>(seen: V, theirs: V, yours: V): V {
  const merged = { ...theirs };
  for (const field of Object.keys(yours) as (keyof V)[]) {
    if (!same(seen[field], yours[field])) merged[field] = yours[field];
  }
  return merged;
}

function same(a: FieldValue, b: FieldValue): boolean {
  return typeof a === "object" || typeof b === "object" ? JSON.stringify(a) === JSON.stringify(b) : a === b;
}
