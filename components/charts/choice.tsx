import type { ReactNode } from "react";
import { classNames } from "../ui/class-names.ts";

/** One of a few, side by side, all of them in sight. */
export function Choice<Value extends string | number>({
  label,
  value,
  options,
  onChoose,
}: {
  label: string;
  value: Value;
  /** `badge`: what stands after the label */
  options: readonly { value: Value; label: string; badge?: ReactNode }[];
  onChoose: (value: Value) => void;
}) {
  return (
    <fieldset className="inline-flex h-7 rounded-md border border-line bg-surface">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChoose(option.value)}
          className={classNames(
            "px-2 text-[13px] first:rounded-l-md last:rounded-r-md",
            option.value === value
              ? "bg-accent-soft font-medium text-accent"
              : "text-muted hover:bg-hover hover:text-ink",
          )}
        >
          {option.label}
          {option.badge}
        </button>
      ))}
    </fieldset>
  );
}
