import { useTranslations } from "next-intl";
import { useLiveState } from "../live/use-live.ts";
import { useManagerBlock } from "../managers/managers-provider.tsx";
import { useMayEdit } from "./use-may-edit.ts";

/**
 * Why the table must not be changed now, in words; null when it may. What is on screen is then not how the table
 * is: whoever changed it would decide on old numbers. Or it is not theirs to change, or another program's.
 */
export function useEditBlock(): string | null {
  const managed = useManagerBlock();
  return useHostBlock() ?? managed;
}

/** The same for what is beside the table, and so no other program's table: counters, sysctls. */
export function useHostBlock(): string | null {
  const t = useTranslations("change");
  const live = useLiveState();
  if (!useMayEdit()) return t("blockedRole");
  if (live.editable) return null;
  return live.kind === "connecting" ? t("blockedConnecting") : t("blockedStale");
}
