import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type AuditEntry, type AuditFilter, auditFilterSchema } from "#domain/audit";
import type { Audit } from "../people/audit.ts";
import { csvLine } from "./csv.ts";

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

/**
 * Streams the lines that the filter lets through as CSV (RFC 4180), newest first, at the reader's pace. Rejects, with
 * nothing answered yet, when the record cannot be read; when that happens later the connection breaks off, since half a
 * record must not look like all of it.
 */
export async function sendAuditCsv(audit: Audit, filter: AuditFilter, response: ServerResponse): Promise<void> {
  const entries = audit.all(filter);
  const first = await entries.next();
  response.writeHead(200, {
    "content-type": "text/csv; charset=utf-8; header=present",
    "content-disposition": 'attachment; filename="audit.csv"',
    "cache-control": "no-store",
  });
  if (response.req.method === "HEAD") return void response.end();
  const lines = async function* () {
    yield csvLine(columns);
    if (!first.done) yield auditLine(first.value);
    for await (const entry of entries) yield auditLine(entry);
  };
  // A reader who went away needs no answer, and what the file said stands in the log.
  await pipeline(Readable.from(lines()), response).catch(() => response.destroy());
}

export function auditLine(entry: AuditEntry): string {
  const { id, atMs, actorKind, actor, from, action, target, outcome, before, after } = entry;
  const json = (value: unknown) => (value === null ? "" : JSON.stringify(value));
  const cells = [id, new Date(atMs).toISOString(), actorKind, actor, from, action, target, outcome];
  return csvLine([...cells.map(String), json(before), json(after)]);
}
