"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useAskPassword } from "#components/session/ask-password";
import { useTRPCClient } from "#components/trpc";
import { Button } from "#components/ui/button";
import { CopyFigure } from "#components/ui/copy-figure";
import { Dialog } from "#components/ui/dialog";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { Select } from "#components/ui/select";
import { newTokenSchema } from "#domain/people";
import { SmallFormDialog } from "./form-dialog.tsx";
import { RoleField } from "./role-field.tsx";
import { useSmallForm } from "./use-small-form.ts";

export interface TokenDialogProps {
  readAgain: () => void;
  onClose: () => void;
  onCloseAutoFocus: (event: Event) => void;
}

const choices = [30, 90, 365] as const;
const noEnd = "never";

/** Makes a token, and shows it: the one time that anybody sees it. */
export function AddToken({ readAgain, onClose, onCloseAutoFocus }: TokenDialogProps) {
  const t = useTranslations("tokens");
  const client = useTRPCClient();
  const call = useAskPassword();
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const form = useSmallForm({
    schema: newTokenSchema,
    input: ({ days, ...rest }) => ({ ...rest, days: days === noEnd ? null : Number(days) }),
    fieldOfCode: { TOKEN_EXISTS: "name" },
    send: (input) => call(() => client.tokens.add.mutate(input)),
    onDone: ({ row, token }) => {
      setMade({ name: row.name, token });
      readAgain();
    },
  });
  if (made) return <TokenOnce {...made} {...{ onClose, onCloseAutoFocus }} />;
  return (
    <SmallFormDialog title={t("addTitle")} submitLabel={t("add")} {...{ form, onClose, onCloseAutoFocus }}>
      <Field label={t("name")} help={t("nameHelp")} error={form.problemAt("name")}>
        <Input name="name" autoComplete="off" spellCheck={false} />
      </Field>
      <RoleField error={form.problemAt("role")} />
      <Field label={t("days")} error={form.problemAt("days")}>
        <Select name="days" defaultValue={90}>
          {choices.map((days) => (
            <option key={days} value={days}>
              {t("daysOf", { days })}
            </option>
          ))}
          <option value={noEnd}>{t("daysNever")}</option>
        </Select>
      </Field>
    </SmallFormDialog>
  );
}

function TokenOnce({
  name,
  token,
  onClose,
  onCloseAutoFocus,
}: Omit<TokenDialogProps, "readAgain"> & { name: string; token: string }) {
  const t = useTranslations("tokens");
  return (
    <Dialog
      open
      keepOpen
      title={t("onceTitle", { name })}
      description={t("once")}
      onOpenChange={(open) => !open && onClose()}
      onCloseAutoFocus={onCloseAutoFocus}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t("done")}
        </Button>
      }
    >
      <div className="flex flex-col gap-3">
        {/* Who sent the form with Enter must not close this with the next one. */}
        <CopyFigure label={t("token")} text={token} focused />
        <CopyFigure
          label={t("example")}
          text={`curl -H 'Authorization: Bearer ${token}' ${window.location.origin}/api/v1/services`}
        />
      </div>
    </Dialog>
  );
}
