import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

/** On or off, at once. For what is saved with a form, use a checkbox. */
export function Switch({
  className,
  children,
  ...rest
}: Omit<ComponentProps<"input">, "type"> & { children?: ReactNode }) {
  return (
    <label className={classNames("inline-flex items-center gap-2 select-none", className)}>
      <input
        type="checkbox"
        // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox carries its own checked state
        role="switch"
        className={classNames(
          "relative h-[18px] w-8 shrink-0 appearance-none rounded-full border border-edge bg-sunken transition-colors",
          "before:absolute before:top-[2px] before:left-[2px] before:size-3 before:rounded-full before:bg-edge before:transition-transform",
          "checked:border-accent checked:bg-accent checked:before:translate-x-[14px] checked:before:bg-on-accent disabled:opacity-55",
        )}
        {...rest}
      />
      {children}
    </label>
  );
}
