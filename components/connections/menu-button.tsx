"use client";
import { ChevronDown } from "lucide-react";
import { Button, type ButtonProps } from "#components/ui/button";
import { classNames } from "../ui/class-names.ts";

/** Opens a menu; says how many of its entries are chosen. */
export function MenuButton({ label, chosen = 0, ...rest }: { label: string; chosen?: number } & ButtonProps) {
  return (
    <Button
      className={classNames("max-sm:px-2", chosen > 0 && "border-accent! bg-accent-soft! text-accent!")}
      {...rest}
    >
      {label}
      {chosen > 0 && <span className="tabular-nums">{chosen}</span>}
      <ChevronDown className="size-3.5 opacity-70" aria-hidden="true" />
    </Button>
  );
}
