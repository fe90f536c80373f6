import { useTranslations } from "next-intl";
import { useMemo } from "react";
import {
  durationParts,
  exactText,
  inShownUnit,
  type Quantity,
  shortText,
  type TrafficUnit,
  unitSymbol,
} from "#domain/units";
import { useTrafficUnit } from "./traffic-unit.ts";

export interface Units {
  unit: TrafficUnit;
  /** "12.3k", "1.25 Mbit/s"; a dash for a gap */
  short: (value: number | null, quantity: Quantity) => string;
  /** The short number with what it counts: "12.3k packets/s". */
  named: (value: number | null, quantity: Quantity) => string;
  /** Every digit, with what it counts: "12,345.67 packets/s". For titles that appear on hover. */
  exact: (value: number | null, quantity: Quantity) => string;
  /** "42 s", "2 min 5 s", "3 h 12 min", "12 d 4 h" */
  duration: (seconds: number) => string;
  /** What stands beside an axis: "bit/s", "packets/s" */
  symbol: (quantity: Quantity) => string;
}

const gap = "–";

/** Numbers for people in the language of the page and the unit of traffic that was chosen. */
export function useUnits(): Units {
  const t = useTranslations("units");
  const unit = useTrafficUnit();
  return useMemo(() => {
    const symbol = (quantity: Quantity) =>
      quantity === "traffic" ? unitSymbol(quantity, unit) : t(`symbol.${quantity}`);
    return {
      unit,
      short: (value, quantity) => (value === null ? gap : shortText(value, quantity, unit)),
      named: (value, quantity) => {
        if (value === null) return gap;
        const text = shortText(value, quantity, unit);
        return quantity === "traffic" ? text : t("withSymbol", { number: text, symbol: symbol(quantity) });
      },
      exact: (value, quantity) =>
        value === null
          ? t("noSample")
          : t("withSymbol", { number: exactText(inShownUnit(value, quantity, unit)), symbol: symbol(quantity) }),
      duration: (seconds) => {
        const { unit: largest, large, small } = durationParts(seconds);
        return t(`duration.${largest}`, { large, small });
      },
      symbol,
    };
  }, [t, unit]);
}
