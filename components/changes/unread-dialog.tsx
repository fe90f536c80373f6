"use client";

import { LoaderCircle } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Button } from "#components/ui/button";
import { Dialog } from "#components/ui/dialog";
import { useErrorText } from "#components/words";
import type { ErrorCode, ErrorShape } from "#domain/errors";

export interface UnreadDialogProps {
  /** why the record could not be read; null while it is being read */
  refusal: ErrorShape | null;
  /** the table was read and does not have it */
  gone: ErrorCode | null;
  read: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

/** A read that takes less is not worth a dialog that flashes by. */
const patienceMs = 300;

/** In place of a dialog whose record is not there: still being read, not to be read, or gone. */
export function UnreadDialog({ refusal, gone, read, onClose, onCloseAutoFocus }: UnreadDialogProps) {
  const t = useTranslations("change");
  const errorText = useErrorText();
  const [waited, setWaited] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWaited(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  const shape = refusal ?? (gone ? { code: gone, params: {} } : null);
  if (!shape && !waited) return null;
  return (
    <Dialog
      open
      width="sm"
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      title={shape ? t("notReadTitle") : t("readingTitle")}
      footer={
        <>
          <Button onClick={onClose}>{t("close")}</Button>
          {refusal && (
            <Button variant="primary" onClick={read}>
              {t("tryAgain")}
            </Button>
          )}
        </>
      }
    >
      {shape ? (
        <p role="alert">{errorText(shape)}</p>
      ) : (
        <p role="status" className="flex items-center gap-2 text-muted">
          <LoaderCircle className="size-4 animate-spin" aria-hidden="true" />
          {t("reading")}
        </p>
      )}
    </Dialog>
  );
}
