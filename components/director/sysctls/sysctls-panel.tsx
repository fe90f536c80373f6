"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useMay } from "#components/session/me";
import { useTRPC } from "#components/trpc";
import { factsOf, isActiveNow, type Sysctl, sysctlGroups } from "#domain/sysctl";
import { NotThere } from "../../changes/not-there.tsx";
import { Section } from "../../people/section.tsx";
import { useOneDialog } from "../../people/use-one-dialog.ts";
import { BootSnippet } from "./boot-snippet.tsx";
import { SysctlDialog } from "./sysctl-dialog.tsx";
import { SysctlRow } from "./sysctl-row.tsx";

/** The kernel moves automatic defences by itself, once a second. */
const readMs = 5000;

/** Every sysctl of IPVS that this kernel has, in groups, with what it means; set by admins. */
export function SysctlsPanel() {
  const t = useTranslations("directorPage.sysctls");
  const trpc = useTRPC();
  const admin = useMay("admin");
  const dialog = useOneDialog<Sysctl>();
  const { data, error, refetch } = useQuery(
    trpc.director.sysctls.queryOptions(undefined, { staleTime: 0, refetchInterval: readMs }),
  );
  const active = data?.filter(isActiveNow) ?? [];
  return (
    <Section title={t("title")} help={t("help")}>
      {data ? (
        <div className="flex flex-col gap-5">
          {/* Stays in the page, so that what appears in it is said. */}
          <div role="status" className={active.length > 0 ? "" : "-mb-5"}>
            {active.length > 0 && (
              <p className="rounded-lg bg-failed-soft px-4 py-2.5 text-failed">
                {t("activeNow", { names: active.map(({ name }) => name).join(", ") })}
              </p>
            )}
          </div>
          {!admin && <p className="text-[13px] text-muted">{t("needsAdmin")}</p>}
          {sysctlGroups.map((group) => {
            const members = data.filter(({ name }) => (factsOf(name)?.group ?? "other") === group);
            if (members.length === 0) return null;
            return (
              <section key={group} aria-labelledby={`sysctls-${group}`} className="flex flex-col gap-2">
                <div>
                  <h3 id={`sysctls-${group}`} className="font-medium">
                    {t(`group.${group}`)}
                  </h3>
                  {group === "defence" && <p className="text-[13px] text-muted">{t("automatic")}</p>}
                </div>
                <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
                  {members.map((sysctl) => (
                    <SysctlRow key={sysctl.name} sysctl={sysctl} onEdit={() => dialog.open(sysctl)} />
                  ))}
                </ul>
              </section>
            );
          })}
          <BootSnippet sysctls={data} />
        </div>
      ) : (
        <NotThere error={error} retry={() => void refetch()} />
      )}
      {dialog.task && (
        <SysctlDialog
          key={dialog.opening}
          sysctl={dialog.task}
          onClose={dialog.close}
          onCloseAutoFocus={dialog.onCloseAutoFocus}
        />
      )}
    </Section>
  );
}
