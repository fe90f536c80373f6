import { z } from "zod";
import { report } from "./problem.ts";

/**
 * A whole number, typed or sent, from min to max. An emptied field is refused as REQUIRED:
 * coercion would make it 0, and a weight of 0 drains a server.
 */
export function whole(min: number, max: number) {
  return z.unknown().transform((value, ctx): number => {
    if (value === undefined || value === null || (typeof value === "string" && value.trim() === ""))
      return report(ctx, "REQUIRED");
    const number = typeof value === "string" && /^[+-]?\d{1,15}$/.test(value.trim()) ? Number(value.trim()) : value;
    if (typeof number !== "number" || !Number.isInteger(number)) return report(ctx, "NOT_A_WHOLE_NUMBER");
    if (number < min || number > max) return report(ctx, "OUT_OF_RANGE", { min, max });
    return number;
  });
}

export const portSchema = whole(0, 65_535);
export const INT_MAX = 2_147_483_647;
export const UINT_MAX = 4_294_967_295;
