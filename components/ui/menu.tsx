"use client";
import { Check } from "lucide-react";
import Link from "next/link";
import * as Radix from "radix-ui/dropdown-menu";
import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";

const itemClasses =
  "flex min-h-7 cursor-default items-center gap-2 rounded px-2 py-1 text-[13px] outline-none select-none data-disabled:text-muted data-highlighted:bg-hover";

export interface MenuProps {
  /** the button that opens it; takes the ref */
  trigger: ReactNode;
  align?: "start" | "end";
  children: ReactNode;
  /** open as soon as it is there: it was made because someone asked for it */
  startsOpen?: boolean;
  /** where the focus goes on closing when an item opens a dialog: preventDefault() leaves it there */
  onCloseAutoFocus?: (event: Event) => void;
}

/** A list of actions under a button: arrows, first letters, Escape; the focus returns to the button. */
export function Menu({ trigger, align = "end", children, startsOpen = false, onCloseAutoFocus }: MenuProps) {
  return (
    <Radix.Root defaultOpen={startsOpen} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-lg"
          {...(onCloseAutoFocus ? { onCloseAutoFocus } : {})}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps extends Omit<ComponentProps<typeof Radix.Item>, "asChild"> {
  icon?: ReactNode;
  danger?: boolean;
  /** why it cannot be chosen now; also disables it */
  blockedBecause?: string | null | undefined;
}

export function MenuItem({
  icon,
  danger = false,
  blockedBecause,
  disabled,
  className,
  children,
  ...rest
}: MenuItemProps) {
  return (
    <Radix.Item
      className={classNames(itemClasses, danger && "text-failed", className)}
      disabled={Boolean(disabled) || Boolean(blockedBecause)}
      {...rest}
    >
      {icon}
      <span className="min-w-0">
        {children}
        {blockedBecause && <span className="block text-xs text-muted">{blockedBecause}</span>}
      </span>
    </Radix.Item>
  );
}

/** Leads to a page. */
export function MenuLink({ href, icon, children }: { href: string; icon?: ReactNode; children: ReactNode }) {
  return (
    <Radix.Item asChild className={itemClasses}>
      <Link href={href} prefetch={false}>
        {icon}
        {children}
      </Link>
    </Radix.Item>
  );
}

/** Saves what is at an address as a file. */
export function MenuFile({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Radix.Item asChild className={itemClasses}>
      <a href={href} download>
        {children}
      </a>
    </Radix.Item>
  );
}

/** On or off within a menu that stays open. */
export function MenuCheckItem({
  checked,
  onCheckedChange,
  children,
  disabled = false,
}: {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  children: ReactNode;
  disabled?: boolean;
}) {
  return (
    <Radix.CheckboxItem
      className={itemClasses}
      checked={checked}
      onCheckedChange={onCheckedChange}
      onSelect={(event) => event.preventDefault()}
      disabled={disabled}
    >
      <span className="flex size-4 items-center justify-center rounded-sm border border-edge" aria-hidden="true">
        <Radix.ItemIndicator>
          <Check className="size-3.5 text-accent" />
        </Radix.ItemIndicator>
      </span>
      {children}
    </Radix.CheckboxItem>
  );
}

/** One of several. */
export function MenuRadioGroup({
  value,
  onValueChange,
  options,
}: {
  value: string;
  onValueChange: (value: string) => void;
  options: readonly { value: string; label: ReactNode }[];
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={onValueChange}>
      {options.map((option) => (
        <Radix.RadioItem key={option.value} value={option.value} className={itemClasses}>
          <span className="flex size-4 items-center justify-center" aria-hidden="true">
            <Radix.ItemIndicator>
              <Check className="size-3.5 text-accent" />
            </Radix.ItemIndicator>
          </span>
          {option.label}
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-1.5 pb-1 text-xs font-medium text-muted">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;
}
