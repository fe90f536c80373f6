/** A persistent service as /proc lists its rows. `port` 0 is any port; null fields are a firewall mark's. */
export interface PersistentService {
  protocol: "tcp" | "udp" | "sctp" | null;
  address: string | null;
  port: number | null;
  fwmark: number | null;
  /** prefix length that clients are kept together by */
  prefix4: number;
  prefix6: number;
}
