import { type FormEvent, useState } from "react";

/** What is typed in a form's fields, by their names, as it is typed: for a command that is shown meanwhile. */
export function useTyped<Texts extends Record<string, string>>(
  initial: Texts,
): [typed: Texts, onInput: (event: FormEvent) => void] {
  const [typed, setTyped] = useState(initial);
  return [
    typed,
    (event) => {
      const { name, value } = event.target as HTMLInputElement;
      setTyped((now) => (name in now ? { ...now, [name]: value } : now));
    },
  ];
}
