"use client";

import { useTranslations } from "next-intl";
import { countText, type Quantity } from "#domain/units";
import { useFollowed } from "../live/use-live.ts";
import { NumberTile } from "../units/number-tile.tsx";
import { useUnits } from "../units/use-units.ts";

const rates = [
  ["connections", 1, "connectionsPerSecond"],
  ["inPackets", 2, "packetsPerSecond"],
  ["outPackets", 3, "packetsPerSecond"],
  ["inTraffic", 4, "traffic"],
  ["outTraffic", 5, "traffic"],
] as const satisfies [string, 1 | 2 | 3 | 4 | 5, Quantity][];

/** What passes through the service now, all its servers together. */
export function ServiceNumbers({ id }: { id: string }) {
  const t = useTranslations("service");
  const { named, exact } = useUnits();
  const [followed] = useFollowed([id]);
  const values = followed?.values ?? null;
  const gauge = (at: 6 | 7 | 8) => (values ? countText(values[at]) : "–");
  return (
    <section aria-label={t("now")} className="grid grid-cols-[repeat(auto-fit,minmax(10.5rem,1fr))] gap-3">
      {rates.map(([name, at, quantity]) => (
        <NumberTile
          key={name}
          name={t(name)}
          value={named(values?.[at] ?? null, quantity)}
          title={exact(values?.[at] ?? null, quantity)}
        >
          {t("average")}
        </NumberTile>
      ))}
      <NumberTile name={t("active")} value={gauge(6)} title={exact(values?.[6] ?? null, "connections")}>
        {t("inactiveToo", { number: gauge(7) })}
      </NumberTile>
    </section>
  );
}
