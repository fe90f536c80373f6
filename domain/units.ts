/**
 * Numbers for people. What is written here are digits and international symbols (k, M, Gbit/s, KiB/s), the same in
 * every language; words such as "connections per second" belong to the message catalogue.
 */

/** How traffic is shown: bits per second with decimal prefixes, or bytes per second with binary ones. */
export const trafficUnits = ["bits", "bytes"] as const;
export type TrafficUnit = (typeof trafficUnits)[number];

/** What a number counts, which says how it is scaled and how it is written. */
export const quantities = ["connections", "connectionsPerSecond", "packetsPerSecond", "traffic"] as const;
export type Quantity = (typeof quantities)[number];

export interface ShownNumber {
  /** "12.3" */
  number: string;
  /** "k", "Mbit/s", "KiB/s" or "" */
  symbol: string;
}

const decimalPrefixes = ["", "k", "M", "G", "T", "P", "E"] as const;
const binaryPrefixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;

interface Scale {
  base: 1000 | 1024;
  prefixes: readonly string[];
  suffix: string;
}

const plainScale: Scale = { base: 1000, prefixes: decimalPrefixes, suffix: "" };
const bitScale: Scale = { base: 1000, prefixes: decimalPrefixes, suffix: "bit/s" };
const byteScale: Scale = { base: 1024, prefixes: binaryPrefixes, suffix: "B/s" };

function scaleOf(quantity: Quantity, unit: TrafficUnit): Scale {
  if (quantity !== "traffic") return plainScale;
  return unit === "bits" ? bitScale : byteScale;
}

/** A measured value (traffic in bytes per second) in the unit that is shown: × 8 for bits, else as it is. */
export function inShownUnit(value: number, quantity: Quantity, unit: TrafficUnit): number {
  return quantity === "traffic" && unit === "bits" ? value * 8 : value;
}

/**
 * Three significant digits and a prefix: 12345 → 12.3 k. Values below 0.01 are shown as 0, except that something
 * is never written as nothing: they become "<0.01".
 */
export function formatShort(value: number, quantity: Quantity, unit: TrafficUnit): ShownNumber {
  const scale = scaleOf(quantity, unit);
  const shown = inShownUnit(value, quantity, unit);
  const sign = shown < 0 ? "-" : "";
  let size = Math.abs(shown);
  let step = 0;
  // 999.6 would be written 1000: it belongs to the next prefix.
  while (threeDigits(size).value >= scale.base && step < scale.prefixes.length - 1) {
    size /= scale.base;
    step++;
  }
  if (size > 0 && size < 0.01) return { number: `${sign}<0.01`, symbol: scale.suffix };
  // What is counted is whole; what is measured keeps its decimals, so that a column does not jump sideways.
  const whole = quantity === "connections" && step === 0 && Number.isInteger(size);
  const number = whole ? String(size) : threeDigits(size).text;
  return { number: sign + number, symbol: `${scale.prefixes[step]}${scale.suffix}` };
}

/** formatShort() in one text: "12.3k", "1.25 Mbit/s". */
export function shortText(value: number, quantity: Quantity, unit: TrafficUnit): string {
  const { number, symbol } = formatShort(value, quantity, unit);
  if (symbol === "") return number;
  return quantity === "traffic" ? `${number} ${symbol}` : number + symbol;
}

/** Connections that are there now: whole, exact below 100,000 where every one may matter. */
export function countText(count: number): string {
  return Math.abs(count) < 100_000 ? groupDigits(String(Math.round(count))) : shortText(count, "connections", "bits");
}

/**
 * The exact number, digits grouped by three: a counter as decimal string ("18446744073709551615") or a
 * measured value, with at most two decimals. No prefix, so that it can be compared with `ipvsadm --exact`.
 */
export function exactText(value: number | string): string {
  if (typeof value === "string") return groupDigits(value);
  // Beyond 2^53 / 100 the multiplication itself would cost digits, and there are no decimals to keep.
  const rounded = Math.abs(value) < 1e13 ? Math.round(value * 100) / 100 : Math.round(value);
  const [whole = "0", decimals] = (Object.is(rounded, -0) ? "0" : plainDigits(rounded)).split(".");
  return decimals === undefined ? groupDigits(whole) : `${groupDigits(whole)}.${decimals}`;
}

/** A prefix for all ticks of one axis whose largest value is `max`, in the shown unit. */
export interface AxisScale {
  divisor: number;
  /** "", "k", "Mi" */
  prefix: string;
}

export function axisScale(max: number, quantity: Quantity, unit: TrafficUnit): AxisScale {
  const { base, prefixes } = scaleOf(quantity, unit);
  let step = 0;
  // Up to twice the base: 1000 and 800 read better than 1k and 0.8k.
  while (Math.abs(max) >= 2 * base ** (step + 1) && step < prefixes.length - 1) step++;
  return { divisor: base ** step, prefix: prefixes[step] ?? "" };
}

/** One tick: its size without a sign (what goes out is drawn below zero), "2.5M". */
export function tickText(value: number, { divisor, prefix }: AxisScale): string {
  if (value === 0) return "0";
  return `${Number((Math.abs(value) / divisor).toPrecision(4))}${prefix}`;
}

/** What stands beside an axis: "bit/s", "B/s", or nothing where the title says what is counted. */
export function unitSymbol(quantity: Quantity, unit: TrafficUnit): string {
  return scaleOf(quantity, unit).suffix;
}

/** The least that an axis spans, in the shown unit: below it a line is idle and must look so. */
export function axisFloor(quantity: Quantity, unit: TrafficUnit): number {
  if (quantity === "traffic") return unit === "bits" ? 10_000 : 10 * 1024;
  return quantity === "packetsPerSecond" ? 100 : 10;
}

const niceSteps = [1, 1.2, 1.6, 2, 2.5, 3, 4, 5, 6, 8, 10];
const niceBinarySteps = [
  1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 160, 192, 256, 320, 384, 512,
  640, 768, 1024,
];

/**
 * The end of an axis that starts at 0 and has to show `max` (shown unit, ≥ 0): a round number, not below the floor,
 * with some air above the line. It moves in steps, so that the axis stands still while the line wobbles.
 */
export function axisEnd(max: number, quantity: Quantity, unit: TrafficUnit): number {
  const wanted = Math.max(max * 1.05, axisFloor(quantity, unit));
  if (quantity === "traffic" && unit === "bytes") {
    const power = 1024 ** Math.floor(Math.log(wanted) / Math.log(1024));
    return power * (niceBinarySteps.find((step) => step * power >= wanted) ?? 1024);
  }
  const power = 10 ** Math.floor(Math.log10(wanted));
  return power * (niceSteps.find((step) => step * power >= wanted) ?? 10);
}

/** A duration in its two largest units, for `{days} d {hours} h`: what is 0 in front is left out. */
export interface DurationParts {
  unit: "days" | "hours" | "minutes" | "seconds";
  large: number;
  small: number;
}

export function durationParts(seconds: number): DurationParts {
  const whole = Math.max(0, Math.round(seconds));
  if (whole >= 86_400)
    return { unit: "days", large: Math.floor(whole / 86_400), small: Math.floor((whole % 86_400) / 3600) };
  if (whole >= 3600) return { unit: "hours", large: Math.floor(whole / 3600), small: Math.floor((whole % 3600) / 60) };
  if (whole >= 60) return { unit: "minutes", large: Math.floor(whole / 60), small: whole % 60 };
  return { unit: "seconds", large: whole, small: 0 };
}

function threeDigits(size: number): { value: number; text: string } {
  const decimals = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const text = size.toFixed(decimals);
  return { value: Number(text), text: size === 0 ? "0" : text };
}

function plainDigits(value: number): string {
  return Math.abs(value) < 1e15 ? String(value) : BigInt(Math.round(value)).toString();
}

function groupDigits(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ",");
}
