"use client";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/trpc";
import { Badge, type Tone } from "#components/ui/badge";
import { CopyFigure } from "#components/ui/copy-figure";
import { HeadCell, NumberCell, Table, TextCell } from "#components/ui/table-cells";
import type { IpvsModule, ModuleState } from "#domain/modules";
import { schedulers } from "#domain/service";
import { NotThere } from "../changes/not-there.tsx";
import { Section } from "../people/section.tsx";
import { hostReadMs } from "./host-read-ms.ts";

const tones: Record<ModuleState, Tone> = {
  "built-in": "up",
  loaded: "up",
  loadable: "accent",
  missing: "off",
  unknown: "off",
};

/** What IPVS has on this host beside itself: schedulers, persistence engines, helpers of applications. */
export function ModulesPanel() {
  const t = useTranslations("directorPage.modules");
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.director.modules.queryOptions(undefined, { staleTime: 0, refetchInterval: hostReadMs }),
  );
  if (!data) return <NotThere error={error} retry={() => void refetch()} />;
  const helperIsOff = data.helpers.some(({ state }) => state === "loadable" || state === "unknown");
  return (
    <>
      <Section title={t("schedulers")} help={t("schedulersHelp", { kernel: data.kernel })}>
        <ModuleTable label={t("tableOf.schedulers")} modules={data.schedulers} />
      </Section>
      <Section title={t("engines")} help={t("enginesHelp")}>
        <ModuleTable label={t("tableOf.engines")} modules={data.engines} />
      </Section>
      <Section title={t("helpers")} help={t("helpersHelp")}>
        <ModuleTable label={t("tableOf.helpers")} modules={data.helpers} />
        {data.applications.length > 0 ? (
          <Table label={t("applications")}>
            <thead>
              <tr>
                <HeadCell>{t("application")}</HeadCell>
                <HeadCell>{t("protocol")}</HeadCell>
                <HeadCell numeric>{t("port")}</HeadCell>
                <HeadCell numeric>{t("users")}</HeadCell>
              </tr>
            </thead>
            <tbody>
              {data.applications.map(({ name, protocol, port, users }) => (
                <tr key={`${name} ${protocol} ${port}`}>
                  <TextCell>{name}</TextCell>
                  <TextCell>{protocol}</TextCell>
                  <NumberCell>{port}</NumberCell>
                  <NumberCell>{users}</NumberCell>
                </tr>
              ))}
            </tbody>
          </Table>
        ) : (
          <p className="text-[13px] text-muted">{t("noApplications")}</p>
        )}
        {helperIsOff && <CopyFigure label={t("loadFtp")} text="modprobe ip_vs_ftp" />}
      </Section>
    </>
  );
}

function ModuleTable({ label, modules }: { label: string; modules: readonly IpvsModule[] }) {
  const t = useTranslations("directorPage.modules");
  const form = useTranslations("form");
  const titleOf = (name: string) => {
    const known = schedulers.find((each) => each === name);
    return known ? form(`scheduler.${known}`) : "";
  };
  return (
    <Table label={label}>
      <thead>
        <tr>
          <HeadCell>{t("name")}</HeadCell>
          <HeadCell className="w-48 max-sm:hidden">{t("module")}</HeadCell>
          <HeadCell className="sm:w-36">{t("state")}</HeadCell>
          <HeadCell numeric className="sm:w-24">
            {t("users")}
          </HeadCell>
        </tr>
      </thead>
      <tbody>
        {modules.map(({ name, module, state, users }) => (
          <tr key={module}>
            <TextCell>
              <span className="font-mono font-medium">{name}</span>{" "}
              <span className="text-muted max-sm:hidden">{titleOf(name)}</span>
            </TextCell>
            <TextCell className="font-mono text-muted max-sm:hidden">{module}</TextCell>
            <TextCell>
              <Badge tone={tones[state]} title={t(`stateHelp.${state}`)}>
                {t(`stateOf.${state}`)}
              </Badge>
            </TextCell>
            <NumberCell>{users ?? "–"}</NumberCell>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
