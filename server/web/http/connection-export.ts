import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Connection, ConnectionPage, ConnectionQueryInput, ConnectionRead } from "#domain/connection";
import { longestReadBudgetMs, maxConnectionPage } from "#domain/connection-query";
import { connectionsDocument } from "#domain/connections-document";
import type { Director } from "#server/director/director";
import { csvLine } from "./csv.ts";

type Reader = Pick<Director, "connections">;

/** A client that takes nothing for so long gets no more: what is read for it is given up soon after, too. */
const usualStallMs = 45_000;
/** Were the read given up, the next page would be of one made anew, which nobody wants: let it be short. */
const shortestBudgetMs = 10;

const columns = [
  ...["protocol", "client", "client_port", "virtual", "virtual_port", "server", "server_port", "state", "expires_s"],
  ...["kind", "holds", "engine", "engine_data", "origin"],
];

/**
 * Streams all rows that a read holds, in the order that the query asks for, at the reader's pace: as CSV (RFC 4180), or as the JSON
 * document of a page that has all of them. Reads the table when no held read serves. When not all that matched is in it,
 * the file's name says so, and x-connections-… do. Rejects, with nothing answered yet, when the table cannot be read;
 * when it is given up or goes on on the way, or nothing is taken for `stallMs`, the connection breaks off, since half a table
 * must not look like all of it.
 */
export async function sendConnectionExport(
  director: Reader,
  query: ConnectionQueryInput,
  format: "csv" | "json",
  response: ServerResponse,
  stallMs = usualStallMs,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const asked = { budgetMs: longestReadBudgetMs, ...query, offset: 0, limit: maxConnectionPage };
  const first = await director.connections(asked, gone.signal);
  const { read } = first;
  response.writeHead(200, {
    "content-type": format === "csv" ? "text/csv; charset=utf-8; header=present" : "application/json; charset=utf-8",
    "content-disposition": `attachment; filename="${fileName(read)}.${format}"`,
    "cache-control": "no-store",
    "x-connections-state": read.state,
    "x-connections-matched": read.matched,
    "x-connections-held": read.held,
  });
  if (response.req.method === "HEAD") return void response.end();
  response.setTimeout(stallMs, () => response.destroy());
  const pages = pagesOf(director, asked, first, gone.signal);
  const pieces = format === "csv" ? csvOf(pages) : jsonOf(first, pages);
  // A reader who went away needs no answer; a read that was given up leaves a file that is cut off.
  await pipeline(Readable.from(pieces), response).catch(() => response.destroy());
}

/** connections-2026-11-21T15-04-05Z, with what is missing: `-first-200000-of-412000`, `-cut-short`. */
function fileName({ readAtMs, matched, held, state }: ConnectionRead): string {
  const at = `${new Date(readAtMs).toISOString().slice(0, 19).replaceAll(":", "-")}Z`;
  const part = matched > held ? `-first-${held}-of-${matched}` : "";
  return `connections-${at}${part}${state === "complete" ? "" : "-cut-short"}`;
}

async function* pagesOf(
  director: Reader,
  query: ConnectionQueryInput,
  first: ConnectionPage,
  signal: AbortSignal,
): AsyncGenerator<Connection[]> {
  const { id, held } = first.read;
  let sent = first.rows.length;
  if (sent > 0) yield first.rows;
  while (sent < held) {
    const page = await director.connections({ ...query, read: id, offset: sent, budgetMs: shortestBudgetMs }, signal);
    // Rows of another read would be twice there or not at all, and so would sorted ones when others came among them.
    const isOther = page.read.id !== id || page.rows.length === 0 || (query.sort && page.read.held !== held);
    if (isOther) throw new Error("the read was given up, or went on");
    sent += page.rows.length;
    yield page.rows;
  }
}

async function* csvOf(pages: AsyncIterable<Connection[]>): AsyncGenerator<string> {
  yield csvLine(columns);
  for await (const rows of pages) yield rows.map(connectionLine).join("");
}

export function connectionLine(row: Connection): string {
  const ends = [row.client, row.virtual, row.server].flatMap(({ address, port }) => [address, String(port)]);
  const kind = row.isTemplate ? "template" : "connection";
  const { name = "", data = "" } = row.engine ?? {};
  const rest = [kind, row.holds === null ? "" : String(row.holds), name, data, row.origin ?? ""];
  return csvLine([row.protocol, ...ends, row.state, String(row.expiresS), ...rest]);
}

async function* jsonOf(first: ConnectionPage, pages: AsyncIterable<Connection[]>): AsyncGenerator<string> {
  const { read, offset, groups } = connectionsDocument(first);
  yield `{"read":${JSON.stringify(read)},"offset":${offset},"groups":${JSON.stringify(groups)},"connections":[`;
  let comma = "";
  for await (const rows of pages) {
    yield comma + rows.map((row) => JSON.stringify(row)).join(",\n");
    comma = ",\n";
  }
  yield "]}\n";
}
