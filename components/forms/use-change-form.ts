import { useEffect, useRef, useState } from "react";
import { type DefaultValues, type FieldValues, type Path, type UseFormReturn, useForm } from "react-hook-form";
import type { z } from "zod";
import { useProblemText } from "#components/words";
import type { Change } from "#domain/change";
import type { ErrorCode, ErrorShape } from "#domain/errors";
import { type FieldValue, rebase } from "../changes/differences.ts";
import { useApply } from "../changes/use-apply.ts";
import { useRefusalText } from "../changes/use-refusal-text.ts";
import type { Done } from "../changes/use-undo.ts";
import { domainResolver, type FieldAt, placeProblems, refusedField } from "./field-problems.ts";

/** A record as it was seen: what was set, and the same as the form's fields. */
export interface Seen<Values, Spec> {
  spec: Spec;
  values: Values;
}

export interface ChangeFormOptions<Values extends FieldValues, Definition, Spec> {
  schema: z.ZodType<Definition>;
  input: (values: Values) => unknown;
  fieldAt: FieldAt<keyof Values & Path<Values>>;
  /** what the form starts with when it adds */
  initial: Values;
  /** the record to edit; null adds one */
  seen: Seen<Values, Spec> | null;
  /** the changes that write `definition`: an edit of `expected`, or an addition when that is null */
  changes: (definition: Definition, expected: Spec | null) => Change[];
  /** the record in a CONFLICT's `current`; null when it is not one */
  readCurrent: (current: unknown) => Seen<Values, Spec> | null;
  /** the field that a refusal without one is about, such as the address of what exists already */
  fieldOfCode: (code: ErrorCode, values: Values) => (keyof Values & string) | null;
  /** the refusal that means that the record to edit is gone */
  goneCode: "NO_SUCH_SERVICE" | "NO_SUCH_SERVER";
  onDone: (definition: Definition, added: boolean, done: Done) => void;
}

/** The record moved under the form: what you saw, what it is now, what you typed. */
export interface FormConflict<Values> {
  seen: Values;
  theirs: Values;
  yours: Values;
  takeTheirs: () => void;
  keepMine: () => void;
}

export interface ChangeForm<Values extends FieldValues> {
  form: UseFormReturn<Values, unknown, unknown>;
  submit: (event?: React.BaseSyntheticEvent) => void;
  pending: boolean;
  /** the sentence at a field: what its value breaks, or why the director refused this very value */
  problemAt: (field: Path<Values>) => string | undefined;
  /** a refusal that no field shows */
  alert: string | null;
  conflict: FormConflict<Values> | null;
  /** the record was removed meanwhile: submitting adds it again */
  gone: boolean;
}

/**
 * A form that writes one record. What is typed stays until the change is done: a refusal stands at its field while
 * that field keeps the refused value, a conflict shows both sides, and a record that vanished can be added again.
 */
export function useChangeForm<Values extends { [F in keyof Values]: FieldValue } & FieldValues, Definition, Spec>(
  options: ChangeFormOptions<Values, Definition, Spec>,
): ChangeForm<Values> {
  const problemText = useProblemText();
  const refusalText = useRefusalText();
  const { apply, pending } = useApply();
  const [seen, setSeen] = useState(options.seen);
  const [gone, setGone] = useState(false);
  const [refused, setRefused] = useState<{ shape: ErrorShape; values: Values } | null>(null);
  const form = useForm<Values, unknown, Definition>({
    defaultValues: (options.seen?.values ?? options.initial) as DefaultValues<Values>,
    mode: "onTouched",
    // A sentence that appears while the pointer is down would move the box that was meant away from under it.
    delayError: 250,
    resolver: domainResolver({
      schema: options.schema,
      input: options.input,
      fieldAt: options.fieldAt,
      sentence: problemText,
    }),
  });
  const values = form.watch();
  const errors = form.formState.errors as Record<string, { message?: string } | undefined>;

  // A problem may lie between two fields: what is wrong is looked at again whichever of them changes.
  const wrong = useRef<string[]>([]);
  useEffect(() => {
    wrong.current = Object.keys(errors);
  });
  const typed = JSON.stringify([values, Object.keys(errors)]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: typed stands for the values, and for problems said late
  useEffect(() => {
    if (wrong.current.length > 0) void form.trigger(wrong.current as Path<Values>[]);
  }, [form, typed]);

  const submit = form.handleSubmit(async (definition) => {
    const expected = seen && !gone ? seen.spec : null;
    setRefused(null);
    const changes = options.changes(definition, expected);
    const outcome = await apply(changes);
    if (outcome.ok) return options.onDone(definition, expected === null, { changes, results: outcome.results });
    const { refusal } = outcome;
    const isGone = refusal.code === options.goneCode || (refusal.code === "CONFLICT" && refusal.current === null);
    if (isGone && expected !== null) return setGone(true);
    const field = refusal.field ?? options.fieldOfCode(refusal.code, form.getValues());
    const shape = field === null ? refusal : { ...refusal, field };
    setRefused({ shape, values: form.getValues() });
    const first = firstField(shape, options.fieldAt);
    if (first) form.setFocus(first);
  });

  const theirs = refused?.shape.code === "CONFLICT" && seen ? options.readCurrent(refused.shape.current) : null;
  const settle = (next: Values, base: Seen<Values, Spec>) => {
    setSeen(base);
    setRefused(null);
    form.reset(next);
  };
  const refusals = refused ? refusalTexts(refused.shape, options.fieldAt, problemText, refusalText) : null;
  return {
    form: form as unknown as UseFormReturn<Values, unknown, unknown>,
    submit: (event) => void submit(event),
    pending,
    problemAt: (field) => {
      const broken = errors[field]?.message;
      if (broken !== undefined) return broken;
      const kept = refused && JSON.stringify(refused.values[field]) === JSON.stringify(values[field]);
      return kept ? refusals?.fields.get(field) : undefined;
    },
    alert: theirs ? null : (refusals?.elsewhere ?? errors["root"]?.message ?? null),
    conflict:
      theirs && seen
        ? {
            seen: seen.values,
            theirs: theirs.values,
            yours: values,
            takeTheirs: () => settle(theirs.values, theirs),
            keepMine: () => settle(rebase(seen.values, theirs.values, form.getValues()), theirs),
          }
        : null,
    gone,
  };
}

function firstField<Field extends string>(shape: ErrorShape, fieldAt: FieldAt<Field>): Field | undefined {
  const placed = placeProblems(shape.problems ?? [], fieldAt);
  return [...placed.fields.keys()][0] ?? refusedField(shape, fieldAt) ?? undefined;
}

function refusalTexts<Field extends string>(
  shape: ErrorShape,
  fieldAt: FieldAt<Field>,
  problemText: ReturnType<typeof useProblemText>,
  refusalText: ReturnType<typeof useRefusalText>,
): { fields: Map<string, string>; elsewhere: string | null } {
  const placed = placeProblems(shape.problems ?? [], fieldAt);
  const fields = new Map<string, string>([...placed.fields].map(([field, problem]) => [field, problemText(problem)]));
  const named = refusedField(shape, fieldAt);
  if (named && !fields.has(named)) fields.set(named, refusalText(shape));
  const rest = { ...shape, problems: placed.elsewhere };
  return { fields, elsewhere: placed.elsewhere.length > 0 || fields.size === 0 ? refusalText(rest) : null };
}
