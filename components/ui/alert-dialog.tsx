"use client";
import { useTranslations } from "next-intl";
import * as Radix from "radix-ui/alert-dialog";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { keepWhileComposing, overlayClasses, panelClasses } from "./dialog.tsx";

export interface AlertDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** what will be lost, in numbers */
  description: ReactNode;
  /** a field to type a name into, a list of what it touches */
  children?: ReactNode;
  confirmLabel: ReactNode;
  /** the dialog stays open until the caller closes it, so that a refusal can be said in it */
  onConfirm: () => void;
  /** not yet: the name is not typed, the table is stale */
  confirmDisabled?: boolean;
  busy?: boolean;
  danger?: boolean;
  onCloseAutoFocus?: (event: Event) => void;
}

/** Asks before something that cannot be taken back. The focus starts on Cancel; a click beside it does nothing. */
export function AlertDialog(props: AlertDialogProps) {
  const { open, onOpenChange, title, description, children, confirmLabel, onConfirm } = props;
  const { confirmDisabled = false, busy = false, danger = true, onCloseAutoFocus } = props;
  const t = useTranslations("ui");
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className={overlayClasses} />
        <Radix.Content
          className={classNames(panelClasses, "max-w-md")}
          onEscapeKeyDown={keepWhileComposing}
          {...(onCloseAutoFocus ? { onCloseAutoFocus } : {})}
        >
          <div className="min-h-0 overflow-y-auto px-4 pt-4 pb-3">
            <Radix.Title className="text-[15px] font-semibold">{title}</Radix.Title>
            <Radix.Description className="mt-1.5 text-muted">{description}</Radix.Description>
            {children && <div className="mt-3">{children}</div>}
          </div>
          <footer className="flex justify-end gap-2 border-t border-line px-4 py-3">
            <Radix.Cancel asChild>
              <Button disabled={busy}>{t("cancel")}</Button>
            </Radix.Cancel>
            <Button variant={danger ? "danger" : "primary"} busy={busy} disabled={confirmDisabled} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </footer>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
