import { createHash } from "node:crypto";
import type { ObservedServerSpec } from "#domain/real-server";
import type { ObservedServiceSpec } from "#domain/service";

/** A row as far as it says how the table is set. */
export type TaggedRow =
  | { kind: "service"; id: string; spec: ObservedServiceSpec }
  | { kind: "server"; id: string; spec: ObservedServerSpec };

/** Snapshots keep the objects of rows that did not change, so that most of a table's text is here already. */
const texts = new WeakMap<TaggedRow, string>();

/** Of whole tables: one that did not change is the same array in every snapshot, and nobody changes an array that was tagged. */
const tags = new WeakMap<readonly TaggedRow[], string>();

/**
 * The tag of a table: SHA-256, in hexadecimal, of its rows in the order of their ids, everything in them that is set and
 * nothing that moves. The same table has the same tag, whoever lists it in whatever order; it serves as the ETag of rule text.
 */
export function tableTag(rows: readonly TaggedRow[]): string {
  const known = tags.get(rows);
  if (known !== undefined) return known;
  const lines: string[] = [];
  for (const row of rows) {
    let line = texts.get(row);
    if (line === undefined) {
      line = row.kind === "service" ? serviceText(row.id, row.spec) : serverText(row.id, row.spec);
      texts.set(row, line);
    }
    lines.push(line);
  }
  const tag = createHash("sha256").update(lines.sort().join("\n")).digest("hex");
  tags.set(rows, tag);
  return tag;
}

/** The tag of records, as table() answers them. */
export function tagOfRecords(services: Iterable<TaggedRow & { servers: readonly TaggedRow[] }>): string {
  const rows: TaggedRow[] = [];
  for (const service of services) rows.push(service, ...service.servers);
  return tableTag(rows);
}

function serviceText(id: string, { scheduler, schedulerFlags, persistence, onePacket, engine }: ObservedServiceSpec) {
  const { timeoutS = 0, netmask = "" } = persistence ?? {};
  return `${id} ${scheduler} ${[...schedulerFlags].sort().join(",")} ${persistence !== null} ${timeoutS} ${netmask} ${onePacket} ${engine ?? ""}`;
}

function serverText(id: string, { forward, weight, upperThreshold, lowerThreshold, tunnel }: ObservedServerSpec) {
  const tail = tunnel ? ` ${tunnel.type} ${tunnel.port} ${tunnel.checksum}` : "";
  return `${id} ${forward} ${weight} ${upperThreshold} ${lowerThreshold}${tail}`;
}
