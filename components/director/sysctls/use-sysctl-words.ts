import { useTranslations } from "next-intl";
import { INT_MAX } from "#domain/numbers";
import { factsOf, type SysctlName } from "#domain/sysctl";

const modes = ["0", "1", "2", "3"] as const;

/** What a sysctl is and what its values mean, in words; null where only the kernel knows. */
export function useSysctlWords() {
  const t = useTranslations("directorPage.sysctls");
  const known = (name: string): SysctlName | null => (factsOf(name) ? (name as SysctlName) : null);
  return {
    meaning: (name: string): string => {
      const of = known(name);
      return of ? t(`about.${of}.meaning`) : t("unknown");
    },
    effect: (name: string): string | null => {
      const of = known(name);
      return of && t(`about.${of}.effect`);
    },
    /** `1 (on)`, `3 50`, `1024 pages` */
    value: (name: string, value: string): string => {
      const { form, unit = null } = factsOf(name) ?? {};
      const mode = modes.find((each) => each === value);
      if (form === "mode" && mode) return t("withWord", { value, word: t(`mode.${mode}`) });
      if (form === "switch") return t("withWord", { value, word: t(value === "0" ? "off" : "on") });
      if (form === "cpus" && value === "") return t("noCpus");
      return unit === null ? value : t(`unit.${unit}`, { value });
    },
    /** what the kernel takes */
    range: (name: string): string | null => {
      const facts = factsOf(name);
      if (!facts) return null;
      const { form, min, max } = facts;
      if (form === "mode" || form === "switch" || form === "pair" || form === "cpus" || form === "power") {
        return t(`range.${form}`);
      }
      if (max === INT_MAX) return t("range.any");
      // The kernel sets no end to it.
      return max > INT_MAX ? t("range.atLeast", { min }) : t("range.number", { min, max });
    },
  };
}
