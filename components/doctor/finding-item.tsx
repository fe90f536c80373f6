"use client";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { CopyFigure } from "#components/ui/copy-figure";
import type { Finding } from "#domain/doctor";
import { useFindingWords } from "./use-finding-words.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

/** One finding: what it is, why it matters, the command that would mend it, and the way to where it can be mended here. */
export function FindingItem({ finding }: { finding: Finding }) {
  const t = useTranslations("doctor");
  const words = useFindingWords();
  const { check, verdict, commands, link, reads } = finding;
  return (
    <li
      className="flex flex-col gap-2 rounded-lg border border-line bg-surface px-4 py-3"
      data-testid={`finding-${check}`}
    >
      <h3 className="flex flex-wrap items-center gap-2 font-semibold">
        <VerdictBadge verdict={verdict}>{t(`verdict.${verdict}`)}</VerdictBadge>
        {words.title(check)}
      </h3>
      <p className="max-w-3xl break-words text-pretty">{words.sentence(finding)}</p>
      <p className="max-w-3xl text-[13px] text-pretty text-muted">{words.why(check)}</p>
      {commands.length > 0 && (
        <CopyFigure label={t(verdict === "unknown" ? "lookup" : "command")} text={commands.join("\n")} testId="mend" />
      )}
      <p className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 text-xs text-muted">
        <span className="min-w-0 break-words">{t("reads", { reads: reads.join(", ") })}</span>
        {link !== null && (
          <Link href={link} className="rounded text-[13px] text-accent underline-offset-2 hover:underline">
            {t(`open.${placeOf(link)}`)}
          </Link>
        )}
      </p>
    </li>
  );
}

/** What a route of the console shows. */
function placeOf(link: string): "services" | "service" | "director" | "rules" {
  if (link.startsWith("/services/")) return "service";
  if (link === "/rules") return "rules";
  return link.startsWith("/director") ? "director" : "services";
}
