"use client";
import { useTranslations } from "next-intl";
import { useMemo, useState } from "react";
import { Button } from "#components/ui/button";
import type { PlannedLine } from "#domain/rules-exchange";
import { useNames } from "../../changes/use-names.ts";
import { classNames } from "../../ui/class-names.ts";
import { LineLink } from "../line-link.tsx";
import { ChangeText } from "./change-text.tsx";
import { firstOf, type PlannedGroup, plannedGroups } from "./planned-groups.ts";
import { type Sign, signOf } from "./sign.ts";

const shownAtOnce = 200;

export interface PlannedListProps {
  /** the first of them */
  lines: readonly PlannedLine[];
  /** how many there are, told or not */
  total: number;
  /** leads to a line of the text; null where the text is not in the editor */
  goTo: ((line: number) => void) | null;
}

/** What a plan does, service by service, in words: what comes, what goes, what becomes otherwise and how. */
export function PlannedList({ lines, total, goTo }: PlannedListProps) {
  const t = useTranslations("rulesPage.plan");
  const groups = useMemo(() => plannedGroups(lines), [lines]);
  const [most, setMost] = useState(shownAtOnce);
  const shown = firstOf(groups, most);
  const left = total - Math.min(most, lines.length);
  return (
    <div className="flex flex-col gap-2">
      <ol aria-label={t("changes")} className="divide-y divide-line rounded-lg border border-line bg-surface">
        {shown.map((group) => (
          <Group key={group.id} group={group} goTo={goTo} />
        ))}
      </ol>
      {left > 0 && (
        <p className="flex flex-wrap items-center gap-2 text-[13px] text-muted">
          {t("andMore", { count: left })}
          {most < lines.length && (
            <Button size="sm" onClick={() => setMost(most + shownAtOnce * 2)}>
              {t("showMore")}
            </Button>
          )}
        </p>
      )}
    </div>
  );
}

function Group({ group, goTo }: { group: PlannedGroup; goTo: PlannedListProps["goTo"] }) {
  const t = useTranslations("rulesPage.plan");
  const { serviceName } = useNames();
  return (
    <li className="px-3 py-2">
      <h3 className="text-[13px] font-medium tabular-nums">
        {group.service ? serviceName(group.service) : t("wholeDirector")}
      </h3>
      <ul className="mt-1 flex flex-col gap-1">
        {group.lines.map(({ change, line }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan does not change, and may do the same thing twice
          <li key={index} className="flex items-start gap-2 text-[13px]">
            <SignMark sign={signOf(change.verb)} />
            <div className="min-w-0 flex-1">
              <ChangeText change={change} />
            </div>
            {line !== null && goTo && <LineLink line={line} onGo={() => goTo(line)} />}
          </li>
        ))}
      </ul>
    </li>
  );
}

const signTones: Record<Sign, string> = {
  "+": "bg-up-soft text-up",
  "~": "bg-changing-soft text-changing",
  "−": "bg-failed-soft text-failed",
};

/** The word beside it says the same. */
function SignMark({ sign }: { sign: Sign }) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        "mt-px inline-flex size-4.5 shrink-0 items-center justify-center rounded font-mono text-xs font-bold",
        signTones[sign],
      )}
    >
      {sign}
    </span>
  );
}
