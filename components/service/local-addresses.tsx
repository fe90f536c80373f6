"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "#components/ui/button";
import { HeadCell, NumberCell, Table } from "#components/ui/table-cells";
import type { LocalAddress } from "#domain/local-address";
import type { ServiceRecord } from "#domain/table";
import { useEditBlock } from "../changes/use-edit-block.ts";
import { useMayEdit } from "../changes/use-may-edit.ts";
import { useUnits } from "../units/use-units.ts";
import { useErrorText } from "../words.tsx";
import { LocalAddressForm } from "./local-address-form.tsx";
import { RemoveLocalAddresses } from "./remove-local-addresses.tsx";
import { useLocalAddresses } from "./use-local-addresses.ts";

/** The addresses that connections to FULLNAT servers leave from; on any other kernel, that there are none. */
export function LocalAddresses({ record }: { record: ServiceRecord }) {
  const t = useTranslations("localAddresses");
  const errorText = useErrorText();
  const mayEdit = useMayEdit();
  const { addresses, refusal, pending, change } = useLocalAddresses(record.id);
  const [removing, setRemoving] = useState<LocalAddress[] | null>(null);
  // The page itself says that the service is gone.
  if (refusal?.code === "NO_SUCH_SERVICE" || (!addresses && !refusal)) return null;
  const unused = addresses?.length === 0 && record.servers.some(({ spec }) => spec.forward === "fullnat");
  return (
    <section aria-labelledby="service-local-addresses" className="flex flex-col gap-2">
      <h2 id="service-local-addresses" className="text-base font-semibold">
        {t("title")}
      </h2>
      {refusal && (
        <p className="text-[13px] text-muted">
          {refusal.code === "NOT_SUPPORTED" ? t("notSupported") : errorText(refusal)}
        </p>
      )}
      {addresses && (
        <div className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4">
          <p className={unused ? "text-changing" : "text-muted"}>
            {unused ? t("unused") : addresses.length === 0 ? t("none") : t("help")}
          </p>
          {addresses.length > 0 && <AddressTable addresses={addresses} mayEdit={mayEdit} onRemove={setRemoving} />}
          {mayEdit && <LocalAddressForm service={record.key} pending={pending} change={change} />}
        </div>
      )}
      {removing && (
        <RemoveLocalAddresses
          service={record.key}
          addresses={removing}
          all={removing.length === addresses?.length}
          pending={pending}
          change={change}
          onClose={() => setRemoving(null)}
        />
      )}
    </section>
  );
}

function AddressTable({
  addresses,
  mayEdit,
  onRemove,
}: {
  addresses: LocalAddress[];
  mayEdit: boolean;
  onRemove: (addresses: LocalAddress[]) => void;
}) {
  const t = useTranslations("localAddresses");
  const format = useFormatter();
  const { short, exact } = useUnits();
  const blocked = useEditBlock();
  return (
    <div className="flex flex-col items-start gap-2">
      <Table label={t("table")}>
        <thead>
          <tr>
            <HeadCell>{t("address")}</HeadCell>
            <HeadCell numeric>{t("connections")}</HeadCell>
            <HeadCell numeric>{t("conflicts")}</HeadCell>
            {mayEdit && (
              <HeadCell className="relative">
                <span className="sr-only">{t("actions")}</span>
              </HeadCell>
            )}
          </tr>
        </thead>
        <tbody>
          {addresses.map((each) => (
            <tr key={each.address}>
              <th
                scope="row"
                className="border-b border-line/60 px-2.5 py-1.5 text-left font-medium whitespace-nowrap tabular-nums"
              >
                {each.address}
              </th>
              <NumberCell title={exact(each.connections, "connections")}>
                {short(each.connections, "connections")}
              </NumberCell>
              <NumberCell>{format.number(BigInt(each.portConflicts))}</NumberCell>
              {mayEdit && (
                <td className="border-b border-line/60 px-2.5 py-1 text-right">
                  <Button
                    size="sm"
                    disabled={blocked !== null}
                    aria-label={t("removeOne", { address: each.address })}
                    onClick={() => onRemove([each])}
                  >
                    {t("remove")}
                  </Button>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </Table>
      {mayEdit && addresses.length > 1 && (
        <Button size="sm" disabled={blocked !== null} onClick={() => onRemove(addresses)}>
          {t("removeAll")}
        </Button>
      )}
    </div>
  );
}
