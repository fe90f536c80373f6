import { z } from "zod";
import {
  type ConnectionGrouping,
  type ConnectionOrigin,
  connectionGroupings,
  connectionKinds,
  connectionOrigins,
  connectionProtocols,
  connectionSorts,
  longestReadBudgetMs,
  maxConnectionPage,
  maxHeldConnections,
} from "./connection-query.ts";
import { parseEndpointPattern } from "./endpoint-pattern.ts";
import { report } from "./problem.ts";

export interface Endpoint {
  address: string;
  port: number;
}

/** One row of /proc/net/ip_vs_conn (ip_vs_conn_seq_show, linux net/netfilter/ipvs/ip_vs_conn.c). */
export interface Connection {
  /** as /proc prints it, in lower case */
  protocol: string;
  client: Endpoint;
  virtual: Endpoint;
  /** may be of the other family (tunnels) */
  server: Endpoint;
  /** as the kernel names it: ESTABLISHED, UDP, INIT1; of a template NONE or ASSURED */
  state: string;
  expiresS: number;
  isTemplate: boolean;
  /**
   * of a template: connections in the table that follow it; null for a connection, when there were too many to count, and when
   * an engine made it: connections do not say which of a client's they follow
   */
  holds: number | null;
  /** of the persistence engine, as printed */
  engine: { name: string; data: string } | null;
  /** null: not asked for */
  origin: ConnectionOrigin | null;
}

/** `10.0.0.1`, `10.0.0.0/24`, `10.0.0.1:80`, `[2001:db8::1]:80`, `2001:db8::/32`, `:443`; canonical after parsing. */
const patternSchema = z
  .string()
  .max(100)
  .transform((text, ctx) => parseEndpointPattern(text)?.text ?? report(ctx, "ADDRESS_INVALID", { text }));

const stateSchema = z.string().regex(/^[A-Z0-9!_-]{1,16}$/);

/** Which rows are meant. Everything left out takes all. */
export const connectionFilterSchema = z.object({
  kind: z.enum(connectionKinds).default("connections"),
  protocol: z.array(z.enum(connectionProtocols)).max(4).default([]),
  state: z.array(stateSchema).max(32).default([]),
  client: patternSchema.optional(),
  virtual: patternSchema.optional(),
  server: patternSchema.optional(),
  /** client, virtual or server */
  any: patternSchema.optional(),
  /** asked for, the file is the one that knows it (/proc/net/ip_vs_conn_sync), which has no persistence engines */
  origin: z.enum([...connectionOrigins, "any"]).optional(),
});
export type ConnectionFilter = z.infer<typeof connectionFilterSchema>;

/** A look at the connection table. */
export const connectionQuerySchema = z.object({
  filter: connectionFilterSchema,
  group: z.enum(connectionGroupings).nullable().default(null),
  /** null: as the kernel lists them */
  sort: z.enum(connectionSorts).nullable().default(null),
  descending: z.boolean().default(false),
  offset: z.number().int().min(0).max(maxHeldConnections).default(0),
  limit: z.number().int().min(0).max(maxConnectionPage).default(100),
  /** of the groups, which come in order of their counts, the largest first */
  groupOffset: z.number().int().min(0).max(maxHeldConnections).default(0),
  groupLimit: z.number().int().min(0).max(maxConnectionPage).default(100),
  /**
   * A held read to look into again, without reading, while it is held and was of the same filter; otherwise the table is
   * read anew. Without it, a read of the same filter that is under way or no older than `freshMs` serves.
   */
  read: z.string().max(50).optional(),
  freshMs: z.number().int().min(0).max(60_000).default(2000),
  /** with `read`: go on with one that was cut short by its budget */
  goOn: z.boolean().default(false),
  budgetMs: z.number().int().min(10).max(longestReadBudgetMs).optional(),
  /**
   * Made up by who asks: while this asking lasts, connectionsProgress() and cancelConnections() know it by this name too,
   * since the read's own id comes with the answer.
   */
  asker: z
    .string()
    .regex(/^[\w-]{1,64}$/)
    .optional(),
});
export type ConnectionQuery = z.infer<typeof connectionQuerySchema>;
/** With what may be left out left out. */
export type ConnectionQueryInput = z.input<typeof connectionQuerySchema>;

/**
 * reading: somebody else's asking of the same still runs · paused: its budget was used up, it can go on · complete ·
 * cancelled: somebody ended it. In all of them the rows so far are there to look at.
 */
export type ReadState = "reading" | "paused" | "complete" | "cancelled";

/** How far a read is. */
export interface ReadProgress {
  state: ReadState;
  /** rows of the table so far, matching or not, templates among them */
  rowsRead: number;
  /** by the services' counters when it began; the table moves, so that fewer or more may come */
  rowsExpected: number;
  /** rows that match */
  matched: number;
  /** of them kept for paging and sorting: the first that came */
  held: number;
  /** time spent reading */
  tookMs: number;
}

export interface ConnectionRead extends ReadProgress {
  /** names it while it is held */
  id: string;
  /** wall clock, when it began */
  readAtMs: number;
}

/** Rows that have something in common. */
export interface ConnectionGroup {
  /** `10.0.0.1`, `10.0.0.0/24`, `10.0.0.1:80`, `ESTABLISHED`, `tcp` */
  name: string;
  connections: number;
}

export interface ConnectionGroups {
  by: ConnectionGrouping;
  /** from groupOffset on */
  groups: ConnectionGroup[];
  /** that were told apart */
  total: number;
  /** rows of groups past maxConnectionGroups */
  others: number;
}

export interface ConnectionPage {
  read: ConnectionRead;
  rows: Connection[];
  offset: number;
  groups: ConnectionGroups | null;
}

/** Names of hosts by canonical address; null: none is known (yet). */
export type HostNames = Record<string, string | null>;
