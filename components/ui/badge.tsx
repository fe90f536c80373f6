import type { ComponentProps } from "react";
import { classNames } from "./class-names.ts";

export const tones = {
  neutral: "bg-off-soft text-off",
  accent: "bg-accent-soft text-accent",
  up: "bg-up-soft text-up",
  failed: "bg-failed-soft text-failed",
  draining: "bg-draining-soft text-draining",
  off: "bg-off-soft text-off",
  changing: "bg-changing-soft text-changing",
} as const;
export type Tone = keyof typeof tones;

/** A short word on a coloured ground. The word says it; the colour only repeats it. */
export function Badge({ tone = "neutral", className, ...rest }: ComponentProps<"span"> & { tone?: Tone }) {
  return (
    <span
      className={classNames(
        "inline-flex h-5 shrink-0 items-center gap-1 rounded px-1.5 text-xs font-medium whitespace-nowrap",
        tones[tone],
        className,
      )}
      {...rest}
    />
  );
}
