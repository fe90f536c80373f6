import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

/** Shared by everything that is typed into or chosen from. */
export const controlClasses =
  "h-8 w-full min-w-0 rounded-md border border-edge/70 bg-surface px-2.5 text-ink placeholder:text-muted disabled:bg-sunken disabled:text-muted aria-invalid:border-failed";

/** One line of text. `tabular` for digits and addresses. */
export function Input({ className, tabular, ...rest }: ComponentProps<"input"> & { tabular?: boolean }) {
  return <input className={classNames(controlClasses, tabular && "tabular-nums", className)} {...rest} />;
}
