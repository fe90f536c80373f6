/** A network interface of the director's host, as far as a synchronisation daemon cares. */
export interface HostInterface {
  name: string;
  up: boolean;
  /** it has a carrier: a cable, or a peer that is up */
  running: boolean;
  multicast: boolean;
  loopback: boolean;
  /** bytes */
  mtu: number;
  /** with their prefix lengths, as `10.0.0.2/16`; the host names those of interfaces that run */
  addresses: string[];
}
