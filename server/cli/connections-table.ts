import { stripVTControlCharacters } from "node:util";
import type { Connection, ConnectionGroups } from "#domain/connection";
import type { ConnectionsDocument } from "#domain/connections-document";
import { endpoint } from "#domain/endpoint";
import { exactText } from "#domain/units";
import { columns } from "./columns.ts";

const heads = ["pro", "expire", "state", "source", "virtual", "destination"];

/**
 * The document as lines for a terminal: what was read when, then groups with their shares, or rows as `ipvsadm -Lnc` has
 * them; of templates how many connections they hold. Texts of the table never move the cursor.
 */
export function connectionsTable({ read, connections, groups }: ConnectionsDocument): string {
  const title = titleOf(read);
  if (!groups) return `${title}\n${rowLines(connections)}${moreRows(connections.length, read)}`;
  return `${title}\n${groupLines(groups, read.matched)}${moreGroups(groups)}`;
}

function titleOf({ readAt, state, tookMs, rowsRead, rowsExpected, matched }: ConnectionsDocument["read"]): string {
  const found = `${exactText(matched)} of ${exactText(rowsRead)} rows match`;
  const part = state === "complete" ? "" : `; cut short, of about ${exactText(Math.max(rowsExpected, rowsRead))} rows`;
  return `${found}, read at ${readAt} in ${(tookMs / 1000).toFixed(1)} s${part}`;
}

function rowLines(rows: readonly Connection[]): string {
  if (rows.length === 0) return "";
  const hasTemplates = rows.some(({ isTemplate }) => isTemplate);
  const hasEngines = rows.some(({ engine }) => engine !== null);
  const hasOrigins = rows.some(({ origin }) => origin !== null);
  const optional = <T>(cells: readonly [boolean, T][]) => cells.flatMap(([there, cell]) => (there ? [cell] : []));
  const lines = rows.map((row) => [
    ...[row.protocol.toUpperCase(), minutes(row.expiresS), row.state, ...endsOf(row)],
    ...optional([
      [hasTemplates, row.holds === null ? "-" : exactText(row.holds)],
      [hasOrigins, row.origin ?? ""],
      [hasEngines, row.engine ? `${row.engine.name} ${row.engine.data}` : ""],
    ]),
  ]);
  const head = [
    ...heads,
    ...optional([
      [hasTemplates, "holds"],
      [hasOrigins, "origin"],
      [hasEngines, "engine"],
    ]),
  ];
  return columns([head, ...lines.map((line) => line.map(stripVTControlCharacters))]);
}

const endsOf = ({ client, virtual, server }: Connection) =>
  [client, virtual, server].map(({ address, port }) => endpoint(address, port));

/** As ipvsadm writes it: 14:59, and as many minutes as there are. */
function minutes(seconds: number): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}`;
}

function groupLines({ by, groups, others }: ConnectionGroups, matched: number): string {
  if (groups.length === 0) return "";
  const share = (count: number) => `${((100 * count) / Math.max(1, matched)).toFixed(1)} %`;
  const lines = groups.map(({ name, connections }) => [exactText(connections), share(connections), name]);
  if (others > 0) lines.push([exactText(others), share(others), "others"]);
  const width = Math.max(...lines.map(([count = ""]) => count.length), "connections".length);
  const placed = lines.map(([count = "", part = "", name = ""]) => [count.padStart(width), part.padStart(7), name]);
  return columns([["connections".padStart(width), "share".padStart(7), by], ...placed]);
}

function moreRows(shown: number, { matched, held }: ConnectionsDocument["read"]): string {
  if (shown >= matched) return "";
  const most = shown >= held ? "; more are not held: filter for fewer" : "; --limit shows more";
  return `${exactText(shown)} of ${exactText(matched)} shown${most}\n`;
}

function moreGroups({ groups, total }: ConnectionGroups): string {
  return groups.length < total
    ? `${exactText(groups.length)} of ${exactText(total)} groups shown; --limit shows more\n`
    : "";
}
