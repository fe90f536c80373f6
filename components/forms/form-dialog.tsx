"use client";

import { TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useId } from "react";
import { Button } from "#components/ui/button";
import { Dialog } from "#components/ui/dialog";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { CommandPreview } from "./command-preview.tsx";
import { OnceShown } from "./once-shown.tsx";

export interface FormDialogProps {
  title: ReactNode;
  description?: ReactNode;
  /** the command that does the same; null where there is none */
  command: string | null;
  onSubmit: (event?: React.BaseSyntheticEvent) => void;
  pending: boolean;
  submitLabel: string;
  /** a refusal that no field shows */
  alert: string | null;
  /** shown above the fields: a conflict */
  notice?: ReactNode;
  /** while a conflict is not settled there is nothing to submit */
  unsettled?: boolean;
  /** puts the focus where one starts to type */
  focusFirst: () => void;
  onClose: () => void;
  onCloseAutoFocus?: (event: Event) => void;
  children: ReactNode;
}

/** A form in a dialog, which stays open, with all that was typed, until its change is done or someone closes it. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, command, onSubmit, pending, submitLabel, alert, notice, unsettled, onClose, children } =
    props;
  const t = useTranslations("form");
  const id = useId();
  const blocked = useEditBlock();
  return (
    <Dialog
      open
      keepOpen
      onOpenChange={(open) => !open && onClose()}
      title={title}
      {...(description ? { description } : {})}
      {...(props.onCloseAutoFocus ? { onCloseAutoFocus: props.onCloseAutoFocus } : {})}
      footer={
        <>
          {blocked && (
            <p role="status" className="mr-auto text-xs text-changing">
              {blocked}
            </p>
          )}
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button
            type="submit"
            form={id}
            variant="primary"
            busy={pending}
            disabled={blocked !== null || unsettled === true}
          >
            {submitLabel}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={onSubmit} noValidate className="flex flex-col gap-4">
        {alert && (
          <p role="alert" className="flex items-start gap-2 rounded-md bg-failed-soft px-2.5 py-2 text-failed">
            <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
            {alert}
          </p>
        )}
        {notice}
        {children}
        <OnceShown run={props.focusFirst} />
        {command !== null && <CommandPreview command={command} />}
      </form>
    </Dialog>
  );
}
