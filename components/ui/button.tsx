import { LoaderCircle } from "lucide-react";
import * as Slot from "radix-ui/slot";
import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

const variants = {
  primary: "border-transparent bg-accent text-on-accent hover:opacity-90",
  secondary: "border-line bg-surface text-ink hover:bg-hover",
  ghost: "border-transparent bg-transparent text-ink hover:bg-hover",
  danger: "border-transparent bg-failed-solid text-white hover:opacity-90",
} as const;

const sizes = {
  sm: "h-7 gap-1 px-2 text-[13px]",
  md: "h-8 gap-1.5 px-3",
  icon: "size-8 justify-center",
  "icon-sm": "size-6 justify-center",
} as const;

export interface ButtonProps extends ComponentProps<"button"> {
  variant?: keyof typeof variants;
  size?: keyof typeof sizes;
  /** shows a spinner and takes no more clicks, yet keeps the focus */
  busy?: boolean;
  /** style the child (a link) instead of a button */
  asChild?: boolean;
}

/** `type="button"` unless said otherwise, so that none submits a form by accident. Size icon needs an aria-label. */
export function Button({
  variant = "secondary",
  size = "md",
  busy,
  asChild,
  className,
  children,
  ...rest
}: ButtonProps) {
  const classes = classNames(
    "inline-flex shrink-0 items-center rounded-md border font-medium whitespace-nowrap transition-colors select-none",
    "disabled:opacity-55 aria-disabled:opacity-55",
    variants[variant],
    sizes[size],
    className,
  );
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      className={classes}
      {...rest}
      {...(busy ? { "aria-disabled": true, "aria-busy": true, onClick: (event) => event.preventDefault() } : {})}
    >
      {busy && <LoaderCircle className="size-4 animate-spin" aria-hidden="true" />}
      {children}
    </button>
  );
}
