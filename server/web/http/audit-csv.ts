import type { ServerResponse } from "node:http";
import { type AuditEntry, type AuditFilter, auditFilterSchema } from "#domain/audit";
import type { Audit } from "../people/audit.ts";

const columns = ["id", "time", "actor_kind", "actor", "address", "action", "target", "outcome", "before", "after"];

/** The filter in a URL's query, as the page writes it; null when it is not one. */
export function auditFilterOf(query: URLSearchParams): AuditFilter | null {
  const given = Object.fromEntries([...query].filter(([, value]) => value !== ""));
  const numbers = Object.fromEntries(
    ["sinceMs", "untilMs"].filter((name) => name in given).map((name) => [name, Number(given[name])]),
  );
  const parsed = auditFilterSchema.safeParse({ ...given, ...numbers });
  return parsed.success ? parsed.data : null;
}

/** Streams the lines that the filter lets through as CSV (RFC 4180), newest first, at the reader's pace. */
export async function sendAuditCsv(audit: Audit, filter: AuditFilter, response: ServerResponse): Promise<void> {
  response.writeHead(200, {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": 'attachment; filename="audit.csv"',
    "cache-control": "no-store",
  });
  response.write(`${columns.join(",")}\r\n`);
  for await (const entry of audit.all(filter)) {
    if (response.destroyed) return;
    if (!response.write(csvLine(entry))) {
      await new Promise<void>((resolve) => {
        response.once("drain", resolve);
        response.once("close", resolve);
      });
    }
  }
  response.end();
}

export function csvLine(entry: AuditEntry): string {
  const { id, atMs, actorKind, actor, from, action, target, outcome, before, after } = entry;
  const json = (value: unknown) => (value === null ? "" : JSON.stringify(value));
  const cells = [id, new Date(atMs).toISOString(), actorKind, actor, from, action, target, outcome];
  return `${[...cells.map(String), json(before), json(after)].map(cell).join(",")}\r\n`;
}

/** Quoted where it must be. What a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection). */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
