/**
 * What may be asked of the connection table, as plain values: pages import them from here, because a schema would bring
 * its validator into the page. domain/connection.ts checks with them.
 */

/** templates: what persistence remembers of a client (client port 0), which is no connection. */
export const connectionKinds = ["connections", "templates"] as const;
export type ConnectionKind = (typeof connectionKinds)[number];

/** client-net: the /24 of an IPv4 client, the /64 of an IPv6 one. */
export const connectionGroupings = ["client", "client-net", "state", "virtual", "server", "protocol"] as const;
export type ConnectionGrouping = (typeof connectionGroupings)[number];

export const connectionSorts = ["client", "virtual", "server", "protocol", "state", "expires"] as const;
export type ConnectionSort = (typeof connectionSorts)[number];

/** As /proc prints them, in lower case; `ip` is a template of a firewall mark. */
export const connectionProtocols = ["tcp", "udp", "sctp", "ip"] as const;
export type ConnectionProtocol = (typeof connectionProtocols)[number];

/** Made by this director's own packets, or told by its sync daemon. */
export const connectionOrigins = ["local", "sync"] as const;
export type ConnectionOrigin = (typeof connectionOrigins)[number];

/** Rows that one page answers. */
export const maxConnectionPage = 500;
/** Rows of one read that are kept for paging and sorting; all are counted and grouped. */
export const maxHeldConnections = 200_000;
/** Groups that one read tells apart; rows of further ones are counted together. */
export const maxConnectionGroups = 100_000;
/** Addresses whose host names are asked for in one go. */
export const maxNamesAtOnce = 50;
/** How long one asking reads before it answers with what it has. */
export const usualReadBudgetMs = 3000;
export const longestReadBudgetMs = 20_000;
