import { useMay } from "#components/session/me";

/** Whether who looks at the page may change services and servers. What they may not do is not offered. */
export function useMayEdit(): boolean {
  return useMay("operator");
}
