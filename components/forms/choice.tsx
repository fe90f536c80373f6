import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "../ui/class-names.ts";

export interface ChoiceOption {
  value: string;
  label: ReactNode;
}

export interface ChoiceProps extends Omit<ComponentProps<"input">, "type" | "value"> {
  label: ReactNode;
  options: readonly ChoiceOption[];
  help?: ReactNode;
  error?: ReactNode;
}

/** One of a few, all in sight: radio buttons side by side. Takes what register() gives. */
export function Choice({ label, options, help, error, ...radio }: ChoiceProps) {
  const id = useId();
  const said = error ?? help;
  return (
    <fieldset className="min-w-0" {...(said ? { "aria-describedby": `${id}-said` } : {})}>
      <legend className="mb-1 text-[13px] font-medium">{label}</legend>
      <div
        className={classNames(
          "inline-flex max-w-full flex-wrap gap-0.5 rounded-md border bg-sunken p-0.5",
          error ? "border-failed" : "border-line",
        )}
      >
        {options.map((option) => (
          <label
            key={option.value}
            className="relative rounded px-2.5 py-1 text-[13px] text-muted select-none hover:text-ink has-checked:bg-raised has-checked:font-medium has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input type="radio" value={option.value} className="absolute inset-0 cursor-pointer opacity-0" {...radio} />
            {option.label}
          </label>
        ))}
      </div>
      {said && (
        <p
          id={`${id}-said`}
          {...(error ? { role: "alert" } : {})}
          className={classNames("mt-1 text-xs", error ? "text-failed" : "text-muted")}
        >
          {said}
        </p>
      )}
    </fieldset>
  );
}
