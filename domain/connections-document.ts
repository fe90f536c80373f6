import type { Connection, ConnectionGroups, ConnectionPage, ReadProgress } from "./connection.ts";

/**
 * What scripts get of the connection table as JSON: `GET /api/v1/connections` and `ipvs-console connections --json`. Names
 * and meanings stay; names may be added, so that a reader passes over those it does not know.
 */
export interface ConnectionsDocument {
  /** of which look at the table this tells; `state` says whether all of it was read, `held` how many there are to page through */
  read: ReadProgress & {
    /** names it while it is held, for `read=` */
    id: string;
    /** ISO 8601, when it began */
    readAt: string;
  };
  /** where `connections` begin among those that are held */
  offset: number;
  connections: Connection[];
  /** null: not asked for */
  groups: ConnectionGroups | null;
}

/** A page of the table as scripts read it. */
export function connectionsDocument({ read, rows, offset, groups }: ConnectionPage): ConnectionsDocument {
  const { id, readAtMs, ...progress } = read;
  return { read: { id, readAt: new Date(readAtMs).toISOString(), ...progress }, offset, connections: rows, groups };
}
