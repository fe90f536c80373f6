/**
 * A persistent service as /proc lists its rows, or with prefixes of 0 one that keeps the others' templates from its connections.
 * `port` 0 is any port; null fields are a firewall mark's.
 */
export interface PersistentService {
  protocol: "tcp" | "udp" | "sctp" | null;
  address: string | null;
  port: number | null;
  fwmark: number | null;
  /** prefix length that clients are kept together by */
  prefix4: number;
  prefix6: number;
}
