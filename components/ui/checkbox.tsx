import { type ComponentProps, type ReactNode, useEffect, useId, useRef } from "react";
import { classNames } from "./class-names.ts";

export interface CheckboxProps extends Omit<ComponentProps<"input">, "type"> {
  /** neither on nor off: some of what it stands for */
  indeterminate?: boolean;
}

/** Needs a label: wrap it in CheckboxField, or give aria-label. */
export function Checkbox({ indeterminate = false, className, ref, ...rest }: CheckboxProps) {
  const own = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (own.current) own.current.indeterminate = indeterminate;
  }, [indeterminate]);
  const setRef = (node: HTMLInputElement | null) => {
    own.current = node;
    if (typeof ref === "function") ref(node);
    else if (ref) ref.current = node;
  };
  return (
    <input type="checkbox" ref={setRef} className={classNames("size-4 shrink-0 accent-accent", className)} {...rest} />
  );
}

/** A checkbox with its words beside it, help below them, and what is wrong in place of the help. */
export function CheckboxField({
  label,
  help,
  error,
  ...rest
}: CheckboxProps & { label: ReactNode; help?: ReactNode; error?: ReactNode }) {
  const id = useId();
  const said = error ?? help;
  return (
    <div className="flex items-start gap-2">
      <Checkbox
        id={id}
        className="mt-0.5"
        {...(said ? { "aria-describedby": `${id}-said` } : {})}
        {...(error ? { "aria-invalid": true } : {})}
        {...rest}
      />
      <div className="min-w-0">
        <label htmlFor={id}>{label}</label>
        {said && (
          <p
            id={`${id}-said`}
            {...(error ? { role: "alert" } : {})}
            className={classNames("text-xs", error ? "text-failed" : "text-muted")}
          >
            {said}
          </p>
        )}
      </div>
    </div>
  );
}
