import * as Slot from "radix-ui/slot";
import { type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";
import { Label } from "./label.tsx";

export interface FieldProps {
  label: ReactNode;
  /** said while nothing is wrong */
  help?: ReactNode;
  /** what is wrong: takes the place of the help, and marks the control invalid */
  error?: ReactNode;
  /** hides the label from view, not from screen readers */
  labelHidden?: boolean;
  className?: string;
  /** of the control, when something outside of the page knows it by that: a password manager */
  id?: string;
  /** one control that takes id and aria-*: Input, Select, or an own one that passes them on */
  children: ReactNode;
}

/** A label, its control and what is to be said about it, wired for screen readers. */
export function Field({ label, help, error, labelHidden = false, className, id: givenId, children }: FieldProps) {
  const ownId = useId();
  const id = givenId ?? ownId;
  const said = error ?? help;
  return (
    <div className={classNames("flex min-w-0 flex-col gap-1", className)}>
      <Label htmlFor={id} className={labelHidden ? "sr-only" : ""}>
        {label}
      </Label>
      <Slot.Root
        id={id}
        {...(said ? { "aria-describedby": `${id}-said` } : {})}
        {...(error ? { "aria-invalid": true } : {})}
      >
        {children}
      </Slot.Root>
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
  );
}

/** Fields that belong together, such as a group of checkboxes, under one heading that screen readers say with each. */
export function FieldGroup({
  label,
  className,
  children,
}: {
  label: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <fieldset className={classNames("min-w-0", className)}>
      <legend className="mb-1 text-[13px] font-medium text-ink">{label}</legend>
      {children}
    </fieldset>
  );
}
