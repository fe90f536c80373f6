import type { ServiceKey } from "#domain/service";
import type { Random } from "./random.ts";

/** What the clients of one service do. Means; noise is added where they are used. */
export interface TrafficProfile {
  connectionsPerSecond: number;
  /** how long a connection is established; 0 for protocols that only ask and answer */
  establishedS: number;
  /** of one whole connection */
  inPackets: number;
  outPackets: number;
  inBytesPerPacket: number;
  outBytesPerPacket: number;
  /** how many different clients come, which decides about persistence */
  clients: number;
}

/** Traffic for a service that nobody described: modest, and a little different for each. */
export function modestProfile(key: ServiceKey, random: Random): TrafficProfile {
  const datagrams = key.kind === "address" && key.protocol === "udp";
  const size = 0.5 + random.next();
  return {
    connectionsPerSecond: 2 + 10 * random.next(),
    establishedS: datagrams ? 0 : 2 + 10 * random.next(),
    inPackets: datagrams ? 1 : 8,
    outPackets: datagrams ? 1 : 12,
    inBytesPerPacket: 120 * size,
    outBytesPerPacket: datagrams ? 220 * size : 800 * size,
    clients: 400,
  };
}
