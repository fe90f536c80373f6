"use client";
import { useTranslations } from "next-intl";
import { type ReactNode, useId, useRef } from "react";
import { Alert } from "#components/ui/alert";
import { Button } from "#components/ui/button";
import { Dialog } from "#components/ui/dialog";
import { OnceShown } from "../forms/once-shown.tsx";
import type { SmallForm } from "./use-small-form.ts";

export interface SmallFormDialogProps {
  title: ReactNode;
  description?: ReactNode;
  form: SmallForm;
  submitLabel: string;
  /** why it cannot be sent now */
  blocked?: string | null;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
  children: ReactNode;
}

/** A few fields in a dialog, which stays open, with all that was typed, until it is done or someone closes it. */
export function SmallFormDialog(props: SmallFormDialogProps) {
  const { title, description, form, submitLabel, blocked = null, onClose, onCloseAutoFocus, children } = props;
  const t = useTranslations("ui");
  const id = useId();
  const fields = useRef<HTMLFormElement>(null);
  return (
    <Dialog
      open
      keepOpen
      width="sm"
      title={title}
      {...(description ? { description } : {})}
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      footer={
        <>
          {blocked && (
            <p role="status" className="mr-auto text-xs text-changing">
              {blocked}
            </p>
          )}
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button type="submit" form={id} variant="primary" busy={form.pending} disabled={blocked !== null}>
            {submitLabel}
          </Button>
        </>
      }
    >
      <form ref={fields} id={id} {...form.handlers} className="flex flex-col gap-4">
        {form.alert && <Alert>{form.alert}</Alert>}
        {children}
        <OnceShown run={() => fields.current?.querySelector<HTMLElement>("input:not([hidden]), select")?.focus()} />
      </form>
    </Dialog>
  );
}
