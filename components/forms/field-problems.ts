import type { FieldErrors, FieldValues, Resolver } from "react-hook-form";
import type { z } from "zod";
import type { ErrorShape } from "#domain/errors";
import { type Problem, problemsOf } from "#domain/problem";

/** The field that shows what is wrong at a path; null when no field of the form does. */
export type FieldAt<Field extends string> = (path: readonly (string | number)[]) => Field | null;

/** Problems by the field that shows them, the first of each; `elsewhere` are those that no field shows. */
export interface PlacedProblems<Field extends string> {
  fields: Map<Field, Problem>;
  elsewhere: Problem[];
}

export function placeProblems<Field extends string>(
  problems: readonly Problem[],
  fieldAt: FieldAt<Field>,
): PlacedProblems<Field> {
  const placed: PlacedProblems<Field> = { fields: new Map(), elsewhere: [] };
  for (const problem of problems) {
    const field = fieldAt(withoutChange(problem.path));
    if (field === null) placed.elsewhere.push(problem);
    else if (!placed.fields.has(field)) placed.fields.set(field, problem);
  }
  return placed;
}

/** A refusal's path starts with where the change stood in the batch: `changes`, its index, or both. */
function withoutChange(path: readonly (string | number)[]): readonly (string | number)[] {
  const inBatch = path[0] === "changes" ? path.slice(1) : path;
  return typeof inBatch[0] === "number" ? inBatch.slice(1) : inBatch;
}

/** The one field that a refusal is about by name (`field`), where the form has it. */
export function refusedField<Field extends string>(shape: ErrorShape, fieldAt: FieldAt<Field>): Field | null {
  return shape.field === undefined ? null : fieldAt(shape.field.split("."));
}

/**
 * The one resolver of all forms: what the fields say, as `input` puts it, is checked by the domain's own schema,
 * the same that the director checks with. The form gets the canonical record, or each problem at its field;
 * problems without a field stand at `root`.
 */
export function domainResolver<Values extends FieldValues, Field extends string & keyof Values, Out>(options: {
  schema: z.ZodType<Out>;
  input: (values: Values) => unknown;
  fieldAt: FieldAt<Field>;
  sentence: (problem: Problem) => string;
}): Resolver<Values, unknown, Out> {
  return (values) => {
    const parsed = options.schema.safeParse(options.input(values));
    if (parsed.success) return { values: parsed.data, errors: {} };
    const placed = placeProblems(problemsOf(parsed.error), options.fieldAt);
    const errors: Record<string, { type: string; message: string }> = {};
    for (const [field, problem] of placed.fields)
      errors[field] = { type: problem.code, message: options.sentence(problem) };
    const first = placed.elsewhere[0];
    if (first) errors["root"] = { type: first.code, message: placed.elsewhere.map(options.sentence).join(" ") };
    return { values: {}, errors: errors as FieldErrors<Values> };
  };
}
