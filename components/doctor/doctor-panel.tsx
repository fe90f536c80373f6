"use client";
import { useQuery } from "@tanstack/react-query";
import { RefreshCw } from "lucide-react";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/trpc";
import { Button } from "#components/ui/button";
import { Moment } from "#components/units/moment";
import { type Finding, type Verdict, verdicts } from "#domain/doctor";
import { NotThere } from "../changes/not-there.tsx";
import { Section } from "../people/section.tsx";
import { FindingItem } from "./finding-item.tsx";
import { FineChecks } from "./fine-checks.tsx";
import { VerdictBadge } from "./verdict-badge.tsx";

/** What is wrong with the director's host, worst first. It is looked at when this is opened, and when it is asked to. */
export function DoctorPanel() {
  const t = useTranslations("doctor");
  const trpc = useTRPC();
  const report = useQuery(trpc.doctor.report.queryOptions(undefined, { staleTime: 0 }));
  const look = () => void report.refetch();
  const lookAgain = (
    <Button size="sm" busy={report.isFetching} onClick={look}>
      <RefreshCw className="size-3.5" aria-hidden="true" />
      {t("look")}
    </Button>
  );
  return (
    <Section title={t("title")} help={t("help")} actions={report.data && lookAgain}>
      {/* A look that failed stands above the findings of the one before. */}
      {(report.error || !report.data) && <NotThere error={report.error} retry={look} />}
      {report.data && <Findings atMs={report.data.atMs} findings={report.data.findings} />}
    </Section>
  );
}

function Findings({ atMs, findings }: { atMs: number; findings: readonly Finding[] }) {
  const t = useTranslations("doctor");
  const groups = verdicts.map((verdict) => [verdict, findings.filter((each) => each.verdict === verdict)] as const);
  const [wrong, fine] = [groups.filter(([verdict]) => verdict !== "ok"), findings.filter(isFine)];
  return (
    <div className="flex flex-col gap-4">
      <div role="status" className="flex flex-wrap items-center gap-2 text-[13px] text-muted">
        {groups.map(
          ([verdict, those]) => those.length > 0 && <Count key={verdict} verdict={verdict} count={those.length} />,
        )}
        <span>
          {t("lookedAt")} <Moment atMs={atMs} seconds />
        </span>
      </div>
      {findings.every(isFine) && <p className="font-medium text-up">{t("allWell")}</p>}
      {wrong.map(([verdict, those]) => those.length > 0 && <Group key={verdict} verdict={verdict} findings={those} />)}
      {fine.length > 0 && <FineChecks findings={fine} />}
    </div>
  );
}

const isFine = ({ verdict }: Finding) => verdict === "ok";

function Count({ verdict, count }: { verdict: Verdict; count: number }) {
  const t = useTranslations("doctor.counts");
  return <VerdictBadge verdict={verdict}>{t(verdict, { count })}</VerdictBadge>;
}

function Group({ verdict, findings }: { verdict: Verdict; findings: readonly Finding[] }) {
  const t = useTranslations("doctor.verdict");
  return (
    <ul aria-label={t(verdict)} className="flex flex-col gap-3">
      {findings.map((finding) => (
        <FindingItem key={`${finding.check} ${finding.code} ${finding.params["interface"] ?? ""}`} finding={finding} />
      ))}
    </ul>
  );
}
