import { Field } from "./field.tsx";
import { Input } from "./input.tsx";

/** Where somebody types the name of what they are about to lose. */
export function TypedName({
  label,
  typed,
  onType,
  tabular = false,
}: {
  label: string;
  typed: string;
  onType: (typed: string) => void;
  tabular?: boolean;
}) {
  return (
    <Field label={label}>
      <Input
        tabular={tabular}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onChange={(event) => onType(event.target.value)}
      />
    </Field>
  );
}
