"use client";
import { parseAsIsoDateTime, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useMemo } from "react";
import { type AuditFilter, auditActions } from "#domain/audit";

export const outcomes = ["any", "done", "refused"] as const satisfies readonly AuditFilter["outcome"][];
export const longestActor = 64;
export const longestText = 200;
const minuteMs = 60_000;

const parsers = {
  actor: parseAsString.withDefault(""),
  action: parseAsStringLiteral(auditActions),
  outcome: parseAsStringLiteral(outcomes).withDefault("any"),
  text: parseAsString.withDefault(""),
  since: parseAsIsoDateTime,
  until: parseAsIsoDateTime,
};

export interface AuditFilterState {
  filter: AuditFilter;
  /** whole minutes, as they are typed; null: any */
  since: Date | null;
  until: Date | null;
  /** something hides lines */
  filtered: boolean;
  set: (parts: {
    actor?: string;
    action?: AuditFilter["action"];
    outcome?: AuditFilter["outcome"];
    text?: string;
    since?: Date | null;
    until?: Date | null;
  }) => void;
  clear: () => void;
}

/** What is looked for in the audit, as the URL has it: a link shows what its sender saw, in the reader's time zone. */
export function useAuditFilter(): AuditFilterState {
  const [url, setUrl] = useQueryStates(parsers, { history: "replace", shallow: true });
  const filter = useMemo<AuditFilter>(
    () => ({
      actor: url.actor.slice(0, longestActor),
      action: url.action,
      outcome: url.outcome,
      text: url.text.slice(0, longestText),
      sinceMs: url.since ? Math.max(0, url.since.getTime()) : null,
      // The minute that was typed is looked at to its end.
      untilMs: url.until ? Math.max(0, url.until.getTime() + minuteMs - 1) : null,
    }),
    [url],
  );
  return {
    filter,
    since: url.since,
    until: url.until,
    filtered: Object.values(url).some((value) => value !== null && value !== "" && value !== "any"),
    set: (parts) => void setUrl(parts),
    clear: () => void setUrl({ actor: null, action: null, outcome: null, text: null, since: null, until: null }),
  };
}

/** The address of the same lines as a file. */
export function csvAddress(filter: AuditFilter): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== null && value !== "" && value !== "any") asked.set(name, String(value));
  }
  return asked.size === 0 ? "/audit.csv" : `/audit.csv?${asked}`;
}

/** A moment as a datetime-local field has it, in the viewer's time zone. */
export function toField(moment: Date | null): string {
  if (!moment) return "";
  const local = new Date(moment.getTime() - moment.getTimezoneOffset() * minuteMs);
  return local.toISOString().slice(0, 16);
}

/** What stands in a datetime-local field; null while it is not whole. */
export function fromField(text: string): Date | null {
  const moment = new Date(text);
  return text === "" || Number.isNaN(moment.getTime()) ? null : moment;
}
