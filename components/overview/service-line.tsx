"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { serviceState } from "#domain/state";
import { countText } from "#domain/units";
import { useNames } from "../changes/use-names.ts";
import { useRow } from "../live/use-live.ts";
import { serviceHref } from "../services/row-name.ts";
import { ServiceStateWord } from "../services/state-word.tsx";
import { NumberCell, TextCell } from "../ui/table-cells.tsx";
import { useUnits } from "../units/use-units.ts";

/** One virtual service as a line of the overview; `why` says what is wrong with it. */
export function ServiceLine({ slot, why }: { slot: number; why: boolean }) {
  const t = useTranslations("overview");
  const { serviceName } = useNames();
  const { described, values } = useRow(slot);
  const { short, exact } = useUnits();
  if (described?.row.kind !== "service") return null;
  const { row, servers = 0, usable = 0 } = described;
  const [, connections = null, , , inBytes = null, outBytes = null, active = 0] = values ?? [];
  return (
    <tr>
      <TextCell className="font-medium">
        <Link href={serviceHref(row.id)} className="text-accent hover:underline">
          {serviceName(row.key)}
        </Link>
      </TextCell>
      <TextCell>
        <ServiceStateWord servers={servers} usable={usable} />
      </TextCell>
      <TextCell>{row.spec.scheduler}</TextCell>
      {why && <TextCell>{t(`why.${serviceState(servers, usable)}`, { count: servers - usable })}</TextCell>}
      <NumberCell className="live-number" title={exact(connections, "connectionsPerSecond")}>
        {short(connections, "connectionsPerSecond")}
      </NumberCell>
      <NumberCell className="live-number" title={exact(active, "connections")}>
        {countText(active)}
      </NumberCell>
      <NumberCell className="live-number" title={exact(inBytes, "traffic")}>
        {short(inBytes, "traffic")}
      </NumberCell>
      <NumberCell className="live-number" title={exact(outBytes, "traffic")}>
        {short(outBytes, "traffic")}
      </NumberCell>
    </tr>
  );
}
