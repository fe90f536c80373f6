import { setTimeout as pause } from "node:timers/promises";
import type { ConnectionPage, ConnectionQueryInput } from "#domain/connection";
import { maxConnectionPage } from "#domain/connection-query";
import { exactText } from "#domain/units";
import type { Director } from "#server/director/director";

type Reader = Pick<Director, "connections">;

/** Between two looks at a read that goes on because somebody else asks for it. */
const othersMs = 100;

/**
 * Reads the table to its end, however long that takes, and answers so many of the rows that it holds, or with `group` so many
 * groups. On a terminal standard error says how far it is. Rejects with DirectorError.
 */
export async function readConnections(
  director: Reader,
  query: ConnectionQueryInput,
  limit: number,
): Promise<ConnectionPage> {
  const counted = { ...query, sort: null, limit: 0, groupLimit: 0 };
  let page = await director.connections({ ...counted, freshMs: 0 });
  try {
    while (page.read.state === "paused" || page.read.state === "reading") {
      tellProgress(page);
      if (page.read.state === "reading") await pause(othersMs);
      page = await director.connections({ ...counted, read: page.read.id, goOn: true });
    }
  } finally {
    clearProgress();
  }
  const whole = query.group ? await groupsOf(director, query, page, limit) : await rowsOf(director, query, page, limit);
  // It was given up meanwhile, which is for reads that nobody looks at.
  return whole ?? readConnections(director, query, limit);
}

/** Null when the read is not held any more. */
async function rowsOf(
  director: Reader,
  query: ConnectionQueryInput,
  page: ConnectionPage,
  limit: number,
): Promise<ConnectionPage | null> {
  const { id, held } = page.read;
  const wanted = Math.min(limit, held);
  const rows: ConnectionPage["rows"] = [];
  while (rows.length < wanted) {
    const part = { offset: rows.length, limit: Math.min(maxConnectionPage, wanted - rows.length) };
    const next = await director.connections({ ...query, ...part, read: id });
    if (next.read.id !== id || next.rows.length === 0) return null;
    rows.push(...next.rows);
  }
  return { ...page, rows };
}

async function groupsOf(
  director: Reader,
  query: ConnectionQueryInput,
  page: ConnectionPage,
  limit: number,
): Promise<ConnectionPage | null> {
  if (!page.groups) return page;
  const { id } = page.read;
  const wanted = Math.min(limit, page.groups.total);
  const groups: typeof page.groups.groups = [];
  while (groups.length < wanted) {
    const part = {
      limit: 0,
      groupOffset: groups.length,
      groupLimit: Math.min(maxConnectionPage, wanted - groups.length),
    };
    const next = await director.connections({ ...query, ...part, read: id });
    if (next.read.id !== id || !next.groups?.groups.length) return null;
    groups.push(...next.groups.groups);
  }
  return { ...page, groups: { ...page.groups, groups } };
}

function tellProgress({ read: { rowsRead, rowsExpected } }: ConnectionPage): void {
  if (!process.stderr.isTTY) return;
  process.stderr.write(`\r${exactText(rowsRead)} of about ${exactText(Math.max(rowsRead, rowsExpected))} rows read`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
}
