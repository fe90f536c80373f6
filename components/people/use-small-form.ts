import { type FormEvent, useState } from "react";
import type { z } from "zod";
import { useProblemText } from "#components/words";
import type { ErrorCode, ErrorShape } from "#domain/errors";
import { problemsOf } from "#domain/problem";
import type { Answered } from "../session/ask-password.tsx";
import { useSessionRefusalText } from "../session/use-session-error-text.ts";

export interface SmallFormOptions<Out, Data> {
  schema: z.ZodType<Out>;
  /** what the schema checks, of the texts in the form's fields by their names; as they are unless said otherwise */
  input?: (texts: Record<string, string>) => unknown;
  /** the field that a refusal is about, where the form has it */
  fieldOfCode?: Partial<Record<ErrorCode, string>>;
  send: (input: Out) => Promise<Answered<Data>>;
  /** why it was refused, in words; without it, those of a call that the console itself answers */
  refusalText?: (refusal: ErrorShape) => string;
  onDone: (data: Data, form: HTMLFormElement) => void;
}

export interface SmallForm {
  /** for the form itself */
  handlers: {
    noValidate: true;
    onSubmit: (event: FormEvent<HTMLFormElement>) => void;
    onInput: (event: FormEvent) => void;
  };
  pending: boolean;
  /** what is wrong with a field, until something else is typed there */
  problemAt: (name: string) => string | undefined;
  /** a refusal that no field shows */
  alert: string | null;
}

/**
 * A form of a few fields that is read when it is sent, so that what a password manager filled in counts. What was typed
 * stays until it is done: problems of the domain's schema and the server's refusals stand at their field.
 */
export function useSmallForm<Out, Data>(options: SmallFormOptions<Out, Data>): SmallForm {
  const problemText = useProblemText();
  const sessionText = useSessionRefusalText();
  const errorText = options.refusalText ?? sessionText;
  const [pending, setPending] = useState(false);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const [alert, setAlert] = useState<string | null>(null);

  const show = (form: HTMLFormElement, found: Record<string, string>) => {
    setProblems(found);
    const first = [...form.elements].find((field) => found[(field as HTMLInputElement).name] !== undefined);
    if (first instanceof HTMLElement) first.focus();
  };

  const refused = (form: HTMLFormElement, refusal: ErrorShape) => {
    const found: Record<string, string> = {};
    for (const problem of refusal.problems ?? []) found[String(problem.path.at(-1))] ??= problemText(problem);
    const field = options.fieldOfCode?.[refusal.code] ?? refusal.field;
    if (field !== undefined) found[field] ??= errorText(refusal);
    const placed = Object.keys(found).some((name) => form.elements.namedItem(name));
    setAlert(placed ? null : errorText(refusal));
    show(form, found);
  };

  async function submit(form: HTMLFormElement) {
    const texts: Record<string, string> = {};
    for (const [name, text] of new FormData(form)) if (typeof text === "string") texts[name] = text;
    const parsed = options.schema.safeParse(options.input?.(texts) ?? texts);
    setAlert(null);
    if (!parsed.success) return refused(form, { code: "INVALID", params: {}, problems: problemsOf(parsed.error) });
    setProblems({});
    setPending(true);
    const answered = await options.send(parsed.data);
    setPending(false);
    if (answered.ok) options.onDone(answered.value, form);
    else if (answered.refusal) refused(form, answered.refusal);
  }

  return {
    handlers: {
      noValidate: true,
      onSubmit: (event) => {
        event.preventDefault();
        // A dialog's form is a child of the page's in React, wherever it stands in the document.
        event.stopPropagation();
        if (!pending) void submit(event.currentTarget);
      },
      onInput: (event) => {
        const { name } = event.target as HTMLInputElement;
        setProblems(({ [name]: _, ...rest }) => rest);
      },
    },
    pending,
    problemAt: (name) => problems[name],
    alert,
  };
}
