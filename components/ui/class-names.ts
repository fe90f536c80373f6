import { type ClassValue, clsx } from "clsx";

/** Joins class names; what is false or empty is left out. Later ones do not override earlier ones: give variants, not overrides. */
export function classNames(...values: ClassValue[]): string {
  return clsx(values);
}
