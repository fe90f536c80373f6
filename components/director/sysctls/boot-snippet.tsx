"use client";
import { useTranslations } from "next-intl";
import { CopyFigure } from "#components/ui/copy-figure";
import { factsOf, isLostAtReboot, type Sysctl, sysctlCommand, sysctlSnippet } from "#domain/sysctl";
import { useNamespace } from "../namespace-note.tsx";

const file = "/etc/sysctl.d/60-ipvs.conf";
const moduleFile = "/etc/modules-load.d/ipvs.conf";

/** Whether a file should set it: what would be lost, and what a file sets already and this one would hide. */
function belongs(sysctl: Sysctl): boolean {
  if (isLostAtReboot(sysctl) === true) return true;
  return sysctl.atBoot !== null && factsOf(sysctl.name) !== null && !sysctl.readOnly;
}

/** Which values go with the next start of the host, and the lines that keep them. */
export function BootSnippet({ sysctls }: { sysctls: readonly Sysctl[] }) {
  const namespace = useNamespace();
  const t = useTranslations("directorPage.sysctls");
  const lost = sysctls.filter((sysctl) => isLostAtReboot(sysctl) === true);
  return (
    <section aria-labelledby="sysctls-boot" className="flex flex-col gap-2">
      <h3 id="sysctls-boot" className="font-medium">
        {t("boot.title")}
      </h3>
      <p className={lost.length > 0 ? "text-changing" : "text-up"}>
        {lost.length > 0
          ? t("boot.lost", { count: lost.length, names: lost.map(({ name }) => name).join(", ") })
          : t("boot.nothing")}
      </p>
      {namespace !== null && lost.length > 0 && (
        <CopyFigure
          label={t("boot.namespace")}
          testId="sysctl-snippet"
          text={lost
            .map(({ name, value }) => `nsenter --net=${namespace} ${sysctlCommand(name, value ?? "")}`)
            .join("\n")}
        />
      )}
      {namespace === null && lost.length > 0 && (
        <CopyFigure
          label={t("boot.file", { file })}
          testId="sysctl-snippet"
          text={`# ${t("boot.module", { file: moduleFile })}\n${sysctlSnippet(sysctls.filter(belongs))}\n`}
        />
      )}
    </section>
  );
}
