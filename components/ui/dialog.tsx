"use client";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import * as Radix from "radix-ui/dialog";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";

const overlayLook = "fixed inset-0 bg-black/45";
const panelLook =
  "fixed top-1/2 left-1/2 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-1.5rem)] -translate-x-1/2 -translate-y-1/2 flex-col rounded-lg border border-line bg-raised shadow-xl";

export const overlayClasses = `${overlayLook} z-40`;
export const panelClasses = `${panelLook} z-50`;

/** `top` is above whatever else is open: what has to be answered before anything else goes on. */
const layers = {
  page: { overlay: overlayClasses, panel: panelClasses },
  top: { overlay: `${overlayLook} z-60`, panel: `${panelLook} z-70` },
} as const;

/** The Escape that leaves an IME composition is not meant for the dialog. */
export function keepWhileComposing(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229) event.preventDefault();
}

function focusWithin(event: Event, selector: string): void {
  const control = event.target instanceof Element ? event.target.querySelector<HTMLElement>(selector) : null;
  if (!control) return;
  event.preventDefault();
  control.focus();
}

const widths = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-3xl" } as const;

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  width?: keyof typeof widths;
  /** buttons, at the right edge; stays in view while the body scrolls */
  footer?: ReactNode;
  /** a click beside the dialog does not close it: what was typed would be lost */
  keepOpen?: boolean;
  /** nothing closes it but the caller: there is no button for it, and Escape does nothing */
  required?: boolean;
  /** top: above other dialogs */
  layer?: keyof typeof layers;
  /** which control has the focus at first, as a CSS selector; without it, the first that can */
  focusOn?: string;
  /** where the focus goes on closing; without it, to where it came from */
  onCloseAutoFocus?: (event: Event) => void;
  children: ReactNode;
}

/** A modal dialog: focus stays inside and returns where it came from, Escape closes. A form inside spans body and footer by its `form` attribute. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  width = "md",
  footer,
  keepOpen = false,
  required = false,
  layer = "page",
  focusOn,
  onCloseAutoFocus,
  children,
}: DialogProps) {
  const t = useTranslations("ui");
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={layers[layer].overlay} />
        <Radix.Content
          className={classNames(layers[layer].panel, widths[width])}
          {...(description ? {} : { "aria-describedby": undefined })}
          onEscapeKeyDown={required ? (event) => event.preventDefault() : keepWhileComposing}
          {...(keepOpen || required ? { onInteractOutside: (event: Event) => event.preventDefault() } : {})}
          {...(focusOn === undefined ? {} : { onOpenAutoFocus: (event: Event) => focusWithin(event, focusOn) })}
          {...(onCloseAutoFocus ? { onCloseAutoFocus } : {})}
        >
          <header className="flex items-start gap-3 border-b border-line px-4 py-3">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-[15px] font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description className="mt-0.5 text-[13px] text-muted">{description}</Radix.Description>
              )}
            </div>
            {!required && (
              <Radix.Close asChild>
                <Button variant="ghost" size="icon-sm" aria-label={t("close")}>
                  <X className="size-4" aria-hidden="true" />
                </Button>
              </Radix.Close>
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-4 py-3">
              {footer}
            </footer>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
