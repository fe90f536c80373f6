"use client";

import { useTranslations } from "next-intl";
import type { CounterName } from "#domain/counters";
import type { TableSummary } from "#domain/live";
import { countText, exactText, type Quantity, shortText } from "#domain/units";
import { useSummary } from "../live/use-live.ts";
import { NumberTile } from "../units/number-tile.tsx";
import { useUnits } from "../units/use-units.ts";

/** What passes through the whole table now: rates over the last 4 s, and what was counted in all. */
export function Totals() {
  const t = useTranslations("overview");
  const summary = useSummary();
  return (
    <section aria-label={t("totals")} className="grid grid-cols-[repeat(auto-fit,minmax(10.5rem,1fr))] gap-3">
      <RateTile
        name={t("connections")}
        summary={summary}
        at={1}
        quantity="connectionsPerSecond"
        counter="connections"
      />
      <GaugeTile name={t("active")} what={t("activeWhat")} value={summary?.values[6] ?? null} />
      <GaugeTile name={t("inactive")} what={t("inactiveWhat")} value={summary?.values[7] ?? null} />
      <RateTile name={t("inPackets")} summary={summary} at={2} quantity="packetsPerSecond" counter="inPackets" />
      <RateTile name={t("outPackets")} summary={summary} at={3} quantity="packetsPerSecond" counter="outPackets" />
      <RateTile name={t("inTraffic")} summary={summary} at={4} quantity="traffic" counter="inBytes" />
      <RateTile name={t("outTraffic")} summary={summary} at={5} quantity="traffic" counter="outBytes" />
    </section>
  );
}

interface RateTileProps {
  name: string;
  summary: TableSummary | null;
  /** place in RowValues */
  at: 1 | 2 | 3 | 4 | 5;
  quantity: Quantity;
  counter: CounterName;
}

function RateTile({ name, summary, at, quantity, counter }: RateTileProps) {
  const t = useTranslations("overview");
  const { named, exact } = useUnits();
  const rate = summary?.values[at] ?? null;
  const counted = summary?.counters[counter] ?? null;
  return (
    <NumberTile name={name} value={named(rate, quantity)} title={exact(rate, quantity)}>
      {counted !== null && (
        <span title={exactText(counted)}>
          {t(quantity === "traffic" ? "countedBytes" : "counted", {
            number: shortText(Number(counted), "connections", "bits"),
          })}
        </span>
      )}
    </NumberTile>
  );
}

function GaugeTile({ name, what, value }: { name: string; what: string; value: number | null }) {
  const { exact } = useUnits();
  return (
    <NumberTile name={name} value={value === null ? "–" : countText(value)} title={exact(value, "connections")}>
      {what}
    </NumberTile>
  );
}
