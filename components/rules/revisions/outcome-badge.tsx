"use client";
import { useTranslations } from "next-intl";
import { Badge, type Tone } from "#components/ui/badge";
import type { Revision } from "#domain/revision";

const tones: Record<Revision["outcome"], Tone> = {
  done: "up",
  waiting: "changing",
  confirmed: "up",
  "put-back": "off",
  undone: "failed",
};

/** What became of a change. */
export function OutcomeBadge({ revision }: { revision: Pick<Revision, "outcome" | "left"> }) {
  const t = useTranslations("rulesPage.outcome");
  return (
    <span className="inline-flex flex-wrap gap-1">
      <Badge tone={tones[revision.outcome]}>{t(revision.outcome)}</Badge>
      {revision.left.length > 0 && <Badge tone="failed">{t("left", { count: revision.left.length })}</Badge>}
    </span>
  );
}
