import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

export function Label({ className, ...rest }: ComponentProps<"label">) {
  // biome-ignore lint/a11y/noLabelWithoutControl: htmlFor comes with the props
  return <label className={classNames("text-[13px] font-medium text-ink select-none", className)} {...rest} />;
}
