"use client";

import { useTranslations } from "next-intl";
import { type FormEvent, useState } from "react";
import { Button } from "#components/ui/button";
import { Field } from "#components/ui/field";
import { Input } from "#components/ui/input";
import { ipvsctlAddress } from "#domain/ipvsctl-command";
import { type ServiceKey, serviceFamily } from "#domain/service";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { CommandPreview } from "../forms/command-preview.tsx";
import type { LocalAddressesState } from "./use-local-addresses.ts";
import { useLocalRefusalText } from "./use-local-refusal-text.ts";

/** Adds one or several addresses, all or none. What was typed stays until it is done. */
export function LocalAddressForm({
  service,
  pending,
  change,
}: { service: ServiceKey } & Pick<LocalAddressesState, "pending" | "change">) {
  const t = useTranslations("localAddresses");
  const refusalText = useLocalRefusalText();
  const blocked = useEditBlock();
  const [text, setText] = useState("");
  const [error, setError] = useState<string | undefined>();
  const addresses = text.split(/[\s,;]+/).filter((word) => word !== "");
  const command = addresses.length > 0 ? ipvsctlAddress("add", service, addresses) : null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (pending || blocked) return;
    if (addresses.length === 0) return setError(t("nothingTyped"));
    setError(undefined);
    const refusal = await change({ verb: "add", addresses });
    if (refusal) setError(refusalText(refusal));
    else setText("");
  }

  return (
    <form noValidate className="flex flex-col gap-2" onSubmit={(event) => void submit(event)}>
      <div className="flex flex-wrap items-start gap-2">
        <Field
          label={t("addLabel")}
          help={t("addHelp", { family: serviceFamily(service) })}
          error={error}
          className="grow sm:max-w-xl"
        >
          <Input
            tabular
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={({ target }) => {
              setText(target.value);
              setError(undefined);
            }}
          />
        </Field>
        <Button type="submit" busy={pending} disabled={blocked !== null} className="sm:mt-6">
          {t("add", { count: Math.max(1, addresses.length) })}
        </Button>
      </div>
      {blocked && (
        <p role="status" className="text-xs text-changing">
          {blocked}
        </p>
      )}
      {command && <CommandPreview command={command} />}
    </form>
  );
}
