"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { AlertDialog } from "#components/ui/alert-dialog";
import { ipvsctlAddress } from "#domain/ipvsctl-command";
import type { LocalAddress } from "#domain/local-address";
import type { ServiceKey } from "#domain/service";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { CommandPreview } from "../forms/command-preview.tsx";
import { useUnits } from "../units/use-units.ts";
import type { LocalAddressesState } from "./use-local-addresses.ts";
import { useLocalRefusalText } from "./use-local-refusal-text.ts";

/** Asks before addresses go, with how many connections leave from them now. */
export function RemoveLocalAddresses({
  service,
  addresses,
  all,
  pending,
  change,
  onClose,
}: {
  service: ServiceKey;
  addresses: LocalAddress[];
  /** none is left then */
  all: boolean;
  onClose: () => void;
} & Pick<LocalAddressesState, "pending" | "change">) {
  const t = useTranslations("localAddresses");
  const refusalText = useLocalRefusalText();
  const { exact } = useUnits();
  const blocked = useEditBlock();
  const [error, setError] = useState<string | null>(null);
  const names = addresses.map(({ address }) => address);
  const isFlush = all && addresses.length > 1;
  const connections = addresses.reduce((sum, each) => sum + each.connections, 0);
  const command = ipvsctlAddress(isFlush ? "flush" : "del", service, names);

  async function remove() {
    setError(null);
    const refusal = await change(isFlush ? { verb: "flush" } : { verb: "remove", addresses: names });
    if (refusal) setError(refusalText(refusal));
    else onClose();
  }

  const what = t("removeHelp", { connections: exact(connections, "connections") });
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={isFlush ? t("removeAllTitle", { count: names.length }) : t("removeTitle", { address: names.join(", ") })}
      description={all ? `${what} ${t("lastHelp")}` : what}
      confirmLabel={isFlush ? t("removeAll") : t("remove")}
      confirmDisabled={blocked !== null}
      busy={pending}
      onConfirm={() => void remove()}
    >
      {error && (
        <p role="alert" className="mb-3 text-failed">
          {error}
        </p>
      )}
      {command && <CommandPreview command={command} />}
    </AlertDialog>
  );
}
