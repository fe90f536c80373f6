import type { Connection, ConnectionPage, ConnectionRead } from "#domain/connection";

export const readAtMs = Date.UTC(2026, 10, 21, 14, 3, 7);

/** A row of the table, the n-th client's. */
export function connection(n: number, parts: Partial<Connection> = {}): Connection {
  return {
    protocol: "tcp",
    client: { address: `198.51.100.${n}`, port: 40_000 + n },
    virtual: { address: "192.0.2.10", port: 80 },
    server: { address: "10.0.1.11", port: 8080 },
    state: "ESTABLISHED",
    expiresS: 899,
    isTemplate: false,
    holds: null,
    engine: null,
    origin: null,
    ...parts,
  };
}

export function answer(rows: Connection[], read: Partial<ConnectionRead> = {}, parts: Partial<ConnectionPage> = {}) {
  const counted = { rowsRead: rows.length, rowsExpected: rows.length, matched: rows.length, held: rows.length };
  const page: ConnectionPage = {
    read: { id: "r1", readAtMs, state: "complete", tookMs: 400, ...counted, ...read },
    rows,
    offset: 0,
    groups: null,
    ...parts,
  };
  return page;
}
