import type { Remarks } from "./problem.ts";
import type { Given } from "./scan.ts";
import { spanOf } from "./tokens.ts";

/** The whole number that strtol(3) reads in base 10 when it reads all of the text: signs and leading zeros are fine. Else null. */
export function wholeNumber(text: string): number | null {
  const sign = text.charCodeAt(0);
  const from = sign === 0x2b || sign === 0x2d ? 1 : 0;
  return text.length > from && areDigits(text, from) ? Number(text) : null;
}

/** Whether there are digits only from `from` on; true where there is nothing. */
export function areDigits(text: string, from = 0): boolean {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

/** The number behind an option, from min to max. What is none is refused, and a missing value was already. */
export function numberOf({ written, value }: Given, min: number, max: number, remarks: Remarks): number | null {
  if (!value) return null;
  const number = wholeNumber(value.text);
  if (number !== null && number >= min && number <= max) return number;
  remarks.refuse("NUMBER_INVALID", spanOf(value), { text: value.text, option: written, min, max });
  return null;
}
