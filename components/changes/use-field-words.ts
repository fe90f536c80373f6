import { useTranslations } from "next-intl";
import type { ServerField } from "../forms/server-values.ts";
import type { ServiceField } from "../forms/service-values.ts";
import type { FieldValue } from "./differences.ts";

type ComparedField = Exclude<ServiceField | ServerField, "address" | "port" | "mark" | "family" | "kind">;

const named = {
  forward: ["nat", "direct", "tunnel"],
  tunnelType: ["ipip", "gue", "gre"],
  tunnelChecksum: ["none", "checksum", "remote-checksum"],
} as const;

/** Fields and their values in words, outside of the form that has them. */
export function useFieldWords() {
  const t = useTranslations("form");
  const label = (field: string): string => t(`field.${field as ComparedField}`);
  const value = (field: string, of: FieldValue): string => {
    if (typeof of === "boolean") return of ? t("on") : t("off");
    if (typeof of === "object") return of.length > 0 ? of.join(", ") : t("none");
    if (field === "forward") return translated(named.forward, of, (name) => t(`forward.${name}`));
    if (field === "tunnelType") return translated(named.tunnelType, of, (name) => t(`tunnelType.${name}`));
    if (field === "tunnelChecksum") return translated(named.tunnelChecksum, of, (name) => t(`tunnelChecksum.${name}`));
    return of === "" ? t("none") : of;
  };
  return { label, value };
}

function translated<Name extends string>(names: readonly Name[], value: string, word: (name: Name) => string): string {
  const known = names.find((name) => name === value);
  return known ? word(known) : value;
}
